using DurableTask.Core;
using DurableTask.Core.Query;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Instances;

public sealed class QueryTests
{
    static TestHub Hub() => new TestHub()
        .Orchestration<string, string>("Say", (_, text) => Task.FromResult(text))
        .Orchestration<string, string>("Wait", (context, _) => context.WaitForEvent("go"));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Query_InPages_ReturnsEveryInstanceOnce(int pageSize)
    {
        await using var hub = await Hub().StartAsync();
        string[] ids = Enumerable.Range(0, 21).Select(i => $"a{i}").ToArray();
        await Task.WhenAll(ids.Select(id => hub.RunAsync("Say", id, "x")));

        var found = new List<string>();
        var query = new OrchestrationQuery { PageSize = pageSize };
        do
        {
            var page = await QueryAsync(hub, query);
            Assert.InRange(page.OrchestrationState.Count, 0, pageSize);
            found.AddRange(page.OrchestrationState.Select(state => state.OrchestrationInstance.InstanceId));
            query.ContinuationToken = page.ContinuationToken;
        }
        while (query.ContinuationToken is not null);

        Assert.Equal(ids.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Query_ByStatus_ReturnsThatStatusOnly()
    {
        await using var hub = await MixedHubAsync();

        Assert.Equal(["done-1", "done-2"], await IdsAsync(hub, new OrchestrationQuery { RuntimeStatus = [OrchestrationStatus.Completed] }));
    }

    [Fact]
    public async Task Query_ByPrefix_ReturnsThatPrefixOnly()
    {
        await using var hub = await MixedHubAsync();

        Assert.Equal(["wait-1", "wait-\U0001F600"], await IdsAsync(hub, new OrchestrationQuery { InstanceIdPrefix = "wait-" }));
    }

    [Fact]
    public async Task Query_ByCreationTime_ReturnsThoseWithin()
    {
        await using var hub = await MixedHubAsync();
        var middle = (await hub.StateOfAsync("done-2"))!.CreatedTime;

        Assert.Equal(["done-2", "wait-1", "wait-\U0001F600"], await IdsAsync(hub, new OrchestrationQuery { CreatedTimeFrom = middle }));
        Assert.Equal(["done-1", "done-2"], await IdsAsync(hub, new OrchestrationQuery { CreatedTimeTo = middle }));
    }

    [Fact]
    public async Task Query_WithoutInputsAndOutputs_LeavesThemOut()
    {
        await using var hub = await MixedHubAsync();

        var page = await QueryAsync(hub, new OrchestrationQuery { FetchInputsAndOutputs = false });

        Assert.All(page.OrchestrationState, state => Assert.True(state is { Input: null, Output: null, Name: not null }));
    }

    [Fact]
    public async Task History_OfAnInstance_HoldsItsEvents()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "x");
        var instance = (await hub.StateOfAsync("a"))!.OrchestrationInstance;

        string history = await hub.Client.GetOrchestrationHistoryAsync(instance);

        var types = Newtonsoft.Json.Linq.JArray.Parse(history).Select(item => (EventTypeOf)(int)item["EventType"]!);
        Assert.Equal(
            [
                EventTypeOf.OrchestratorStarted,
                EventTypeOf.ExecutionStarted,
                EventTypeOf.ExecutionCompleted,
                EventTypeOf.OrchestratorCompleted,
            ],
            types);
    }

    [Fact]
    public async Task State_OfAnUnknownInstance_IsNothing()
    {
        await using var hub = await Hub().StartAsync();

        Assert.Null(await hub.StateOfAsync("nobody"));
        Assert.Null(await hub.Client.GetOrchestrationStateAsync("nobody", "execution"));
        Assert.Empty(await hub.Client.GetOrchestrationStateAsync("nobody", allExecutions: true));
        Assert.Equal("[]", await hub.Service.GetOrchestrationHistoryAsync("nobody", ""));
    }

    static async Task<TestHub> MixedHubAsync()
    {
        var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "done-1", "x");
        await hub.RunAsync("Say", "done-2", "x");
        await hub.CreateAsync("Wait", "wait-1", "x");
        await hub.CreateAsync("Wait", "wait-\U0001F600", "x");
        return hub;
    }

    static Task<OrchestrationQueryResult> QueryAsync(TestHub hub, OrchestrationQuery query) =>
        hub.Service.GetOrchestrationWithQueryAsync(query, TestContext.Current.CancellationToken);

    static async Task<IEnumerable<string>> IdsAsync(TestHub hub, OrchestrationQuery query) =>
        (await QueryAsync(hub, query)).OrchestrationState.Select(state => state.OrchestrationInstance.InstanceId);

    enum EventTypeOf
    {
        ExecutionStarted = 0,
        ExecutionCompleted = 1,
        OrchestratorStarted = 12,
        OrchestratorCompleted = 13,
    }
}
