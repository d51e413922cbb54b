using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Credentials;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Lifecycle;

public sealed class RollcallCoreTests
{
    [Fact]
    public void Activities_OfTheCore_AreAllThatItHas()
    {
        using var folder = new TemporaryFolder();
        using var store = new FileBatchStore(folder.File("batches"));
        using var core = new ServiceCollection()
            .AddSingleton<IBatchStore>(store)
            .AddSingleton<IBatchScheduler>(new FakeScheduler())
            .AddSingleton<ISlotLedger>(new MemorySlotLedger(TimeProvider.System))
            .AddSingleton(_ => SenderHttp.CreateClient())
            .AddSingleton(new SecretLookups((_, _) => null, (_, _) => null, (_, _) => false))
            .AddRollcallCore()
            .BuildServiceProvider();

        var names = typeof(PostItem).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ITaskActivity)) && !type.IsAbstract)
            .Select(type => type.Name);

        Assert.Equal(names.Order(StringComparer.Ordinal), core.GetActivities().Keys.Order(StringComparer.Ordinal));
    }
}
