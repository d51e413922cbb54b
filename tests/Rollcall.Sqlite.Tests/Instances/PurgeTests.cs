using DurableTask.Core;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Instances;

public sealed class PurgeTests
{
    static TestHub Hub() => new TestHub()
        .Orchestration<string, string>("Say", (_, text) => Task.FromResult(text))
        .Orchestration<string, string>("Wait", (context, _) => context.WaitForEvent("go"));

    [Fact]
    public async Task Purge_OfAnEndedInstance_RemovesIt()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "x");

        var result = await hub.Service.PurgeInstanceStateAsync("a");

        Assert.Equal(1, result.DeletedInstanceCount);
        Assert.Null(await hub.StateOfAsync("a"));
        Assert.Equal("[]", await hub.Service.GetOrchestrationHistoryAsync("a", ""));
    }

    [Fact]
    public async Task Removed_AfterItIsErased_IsInNoFile()
    {
        string marker = $"marker-{Guid.NewGuid()}";
        await using var hub = await Hub().StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => hub.RunAsync("Say", $"a{i}", $"{marker} {new string('x', 10_000)}")));
        Assert.Contains(FilesOf(hub), file => Has(file, marker));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => hub.Service.PurgeInstanceStateAsync($"a{i}")));
        await hub.Service.EraseRemovedAsync();

        Assert.DoesNotContain(FilesOf(hub), file => Has(file, marker));
        await hub.RunAsync("Say", "after", "x");
    }

    static string[] FilesOf(TestHub hub) => Directory.GetFiles(Path.GetDirectoryName(hub.Database)!, "*", SearchOption.AllDirectories);

    // The bytes as they are on the disk, read beside the lock that keeps others out.
    static bool Has(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running")]
    [InlineData("nobody")]
    public async Task Purge_OfAnInstanceThatHasNotEnded_RemovesNothing(string id)
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Wait", "running");

        var result = await hub.Service.PurgeInstanceStateAsync(id);

        Assert.Equal(0, result.DeletedInstanceCount);
        await hub.RaiseAsync("running", "go", "on");
        Assert.Equal(OrchestrationStatus.Completed, (await hub.EndOfAsync("running")).OrchestrationStatus);
    }

    [Fact]
    public async Task Purge_ByFilter_RemovesEndedInstancesOnly()
    {
        await using var hub = await Hub().StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 250).Select(i => hub.RunAsync("Say", $"a{i}", "x")));
        await hub.CreateAsync("Wait", "running");

        var result = await hub.Service.PurgeInstanceStateAsync(new PurgeInstanceFilter(DateTime.MinValue, null, null));

        Assert.Equal(250, result.DeletedInstanceCount);
        Assert.True(result.IsComplete);
        Assert.NotNull(await hub.StateOfAsync("running"));
    }

    [Fact]
    public async Task Purge_OfARunningStatus_RemovesNothing()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "x");
        await hub.CreateAsync("Wait", "running");

        var result = await hub.Service.PurgeInstanceStateAsync(
            new PurgeInstanceFilter(DateTime.MinValue, null, [OrchestrationStatus.Running]));

        Assert.Equal(0, result.DeletedInstanceCount);
        Assert.NotNull(await hub.StateOfAsync("a"));
    }

    [Fact]
    public async Task Purge_WithNoTimeLeft_SaysThatThereIsMore()
    {
        await using var hub = await Hub().StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 250).Select(i => hub.RunAsync("Say", $"a{i}", "x")));

        var result = await hub.Service.PurgeInstanceStateAsync(
            new PurgeInstanceFilter(DateTime.MinValue, null, null) { Timeout = TimeSpan.Zero });

        Assert.False(result.IsComplete);
        Assert.InRange(result.DeletedInstanceCount, 1, 249);
    }

    [Theory]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter)]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationCompletedTimeFilter)]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter)]
    public async Task PurgeHistory_OlderThanATime_LeavesWhatIsNewer(OrchestrationStateTimeRangeFilterType type)
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "old", "x");
        var limit = DateTime.UtcNow;
        await hub.RunAsync("Say", "new", "x");

        await hub.Client.PurgeOrchestrationInstanceHistoryAsync(limit, type);

        Assert.Null(await hub.StateOfAsync("old"));
        Assert.NotNull(await hub.StateOfAsync("new"));
    }

    [Fact]
    public async Task Delete_OfTheHub_RemovesEverything()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "x");
        await hub.CreateAsync("Wait", "b");

        await hub.Service.DeleteAsync();
        await hub.RestartAsync();

        Assert.Null(await hub.StateOfAsync("a"));
        Assert.Null(await hub.StateOfAsync("b"));
        Assert.Equal("\"again\"", (await hub.RunAsync("Say", "b", "again")).Output);
    }
}
