using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Storage;

public sealed class FaultTests
{
    static TestHub Hub() => new TestHub()
        .Activity<int, string>("Work", size => new string('x', size))
        .Orchestration<int, int>("Fill", async (context, size) =>
            (await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => context.CallActivity<string>("Work", size)))).Length)
        .Orchestration<string, string>("Wait", (context, _) => context.WaitForEvent("go"));

    [Fact]
    public async Task DiskFull_WhileWorking_StopsTheServiceWithTheReason()
    {
        await using var hub = Hub();
        hub.Options = hub.Options with { MaxPageCount = 60 };
        await hub.StartAsync();
        var end = hub.RunAsync("Fill", "a", 5_000);

        var fault = await hub.Service.Fault.WaitAsync(TestHub.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(SqliteStorageReason.DiskFull, fault.Reason);
        Assert.Same(fault, await Assert.ThrowsAsync<SqliteStorageException>(() => end));
        Assert.Same(fault, await Assert.ThrowsAsync<SqliteStorageException>(() => hub.StateOfAsync("a")));
        Assert.Same(fault, await Assert.ThrowsAsync<SqliteStorageException>(() => hub.CreateAsync("Wait", "b")));
    }

    [Fact]
    public async Task DiskFull_AndThenRoom_GoesOnWithWhatWasRecorded()
    {
        await using var hub = Hub();
        hub.Options = hub.Options with { MaxPageCount = 60 };
        await hub.StartAsync();
        await hub.CreateAsync("Fill", "a", 5_000);
        await hub.Service.Fault.WaitAsync(TestHub.Patience, TestContext.Current.CancellationToken);
        await hub.CloseAsync();

        hub.Options = hub.Options with { MaxPageCount = null };
        await hub.StartAsync();

        Assert.Equal("200", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task DamagedFile_IsAFaultAndNotAHang()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Fill", "a", 5_000);
        await hub.CreateAsync("Wait", "b");
        await hub.CloseAsync();
        Damage(hub.Database);

        var fault = await FaultOfAsync(hub);

        Assert.Equal(SqliteStorageReason.Corrupt, fault.Reason);
        Assert.Contains(hub.Database, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedOperation_AmongOthers_TakesNoneOfThemWithIt()
    {
        await using var hub = await Hub().StartAsync();
        var tooLong = new TaskMessage { OrchestrationInstance = new OrchestrationInstance { InstanceId = "a" }, Event = null! };

        var good = Enumerable.Range(0, 50).Select(i => hub.CreateAsync("Wait", $"good-{i}")).ToArray();
        var bad = Enumerable.Range(0, 50).Select(i => RefusedAsync(hub, "good-0")).ToArray();
        await Assert.ThrowsAnyAsync<Exception>(() => hub.Service.SendTaskOrchestrationMessageAsync(tooLong));

        await Task.WhenAll(good);
        Assert.All(await Task.WhenAll(bad), Assert.True);
        Assert.False(hub.Service.Fault.IsCompleted);
    }

    [Fact]
    public async Task Calls_AfterDispose_FailAtOnce()
    {
        await using var hub = Hub().Open();
        var service = hub.Service;
        await hub.CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => service.GetOrchestrationStateAsync("a", allExecutions: false));
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            service.WaitForOrchestrationAsync("a", "", TestHub.Patience, TestContext.Current.CancellationToken));
    }

    static async Task<bool> RefusedAsync(TestHub hub, string id)
    {
        try
        {
            await hub.CreateAsync("Wait", id);
            return false;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return true;
        }
    }

    // Everything after the schema, so that opening works or says that the file is damaged.
    static void Damage(string path)
    {
        using var file = File.OpenWrite(path);
        file.Position = 4096 * 3;
        byte[] noise = new byte[(int)(file.Length - file.Position)];
        Array.Fill(noise, (byte)0xA5);
        file.Write(noise);
    }

    static async Task<SqliteStorageException> FaultOfAsync(TestHub hub)
    {
        try
        {
            await hub.StartAsync();
        }
        catch (SqliteStorageException exception)
        {
            return exception;
        }

        await Assert.ThrowsAsync<SqliteStorageException>(() => hub.StateOfAsync("b"));
        return await hub.Service.Fault.WaitAsync(TestHub.Patience);
    }
}
