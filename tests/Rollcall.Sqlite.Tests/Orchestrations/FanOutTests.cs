using DurableTask.Core;
using DurableTask.Core.History;
using Newtonsoft.Json.Linq;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Orchestrations;

public sealed class FanOutTests
{
    static TestHub Hub() => new TestHub()
        .Activity<int, int>("Double", value => value * 2)
        .Orchestration<int, int[]>("FanOut", (context, count) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivity<int>("Double", i))))
        .Orchestration<int, int>("Nested", async (context, count) =>
        {
            int[][] parts = await Task.WhenAll(
                Enumerable.Range(0, count).Select(i => context.CallSubOrchestration<int[]>("FanOut", $"part-{i}", 10)));
            return parts.Sum(part => part.Sum());
        });

    [Fact]
    public async Task FanOut_OfThousandActivities_ReturnsEveryResultInOrder()
    {
        await using var hub = await Hub().StartAsync();

        var state = await hub.RunAsync("FanOut", "a", 1_000);

        Assert.Equal(OrchestrationStatus.Completed, state.OrchestrationStatus);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i * 2), JArray.Parse(state.Output).Values<int>());
    }

    [Fact]
    public async Task FanOut_OfThousandActivities_TakesFewTurns()
    {
        await using var hub = await Hub().StartAsync();

        await hub.RunAsync("FanOut", "a", 1_000);

        Assert.InRange(hub.Turns, 2, 500);
    }

    [Fact]
    public async Task FanOut_OfMoreActivitiesThanAreKeptInMemory_RunsAllOfThem()
    {
        await using var hub = Hub();
        await (await hub.StartAsync()).CreateAsync("FanOut", "a", 6_000);

        var state = await hub.EndOfAsync("a");

        Assert.Equal(6_000, JArray.Parse(state.Output).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SubOrchestrations_InParallel_ReturnTheirResults(bool purge)
    {
        await using var hub = Hub();
        hub.Options = hub.Options with { PurgeCompletedSubOrchestrations = purge };
        await hub.StartAsync();

        var state = await hub.RunAsync("Nested", "a", 20);

        Assert.Equal("1800", state.Output);
        Assert.Equal(purge, await hub.StateOfAsync("part-0") is null);
        Assert.Equal(
            purge ? 1 : 21,
            (
                await hub.Service.GetOrchestrationWithQueryAsync(
                    new() { PageSize = 100 },
                    TestContext.Current.CancellationToken)).OrchestrationState.Count);
    }

    [Fact]
    public async Task SubOrchestration_ThatHasEnded_IsThereWithItsStatusUntilItsParentHasTakenItsResultIn()
    {
        var taken = new Gate();
        var taking = new Gate();
        await using var hub = Hub()
            .Orchestration<string, string>("Child", (context, input) =>
            {
                context.Status = $"did {input}";
                return Task.FromResult(input);
            })
            .Orchestration<string, string>("Parent", async (context, _) =>
            {
                context.Status = "waits";
                context.Status = $"has {await context.CallSubOrchestration<string>("Child", "child", "all")}";
                return await context.WaitForEvent("go");
            })
            .Register(worker => worker.AddOrchestrationDispatcherMiddleware(async (context, next) =>
            {
                // The turn that takes the result in is not recorded before it ends.
                if (context.GetProperty<OrchestrationRuntimeState>().NewEvents.OfType<SubOrchestrationInstanceCompletedEvent>().Any())
                {
                    taking.Open();
                    await taken.PassAsync();
                }

                await next();
            }));
        hub.Options = hub.Options with { PurgeCompletedSubOrchestrations = true };
        await (await hub.StartAsync()).CreateAsync("Parent", "a");
        await taking.PassAsync();

        var child = await hub.StateOfAsync("child");
        var before = await hub.StateOfAsync("a");
        taken.Open();
        await hub.RaiseAsync("a", "go", "on");
        await hub.EndOfAsync("a");

        Assert.Contains("waits", before?.Status, StringComparison.Ordinal);
        Assert.Contains("did all", child?.Status, StringComparison.Ordinal);
        Assert.Null(await hub.StateOfAsync("child"));
    }

    [Fact]
    public async Task SubOrchestration_WhoseParentWasTerminated_IsRemovedAsItEnds()
    {
        var going = new Gate();
        await using var hub = Hub()
            .Orchestration<string, string>("Child", async (context, _) => await context.WaitForEvent("go"))
            .Orchestration<string, string>("Parent", async (context, _) =>
            {
                var child = context.CallSubOrchestration<string>("Child", "child", null);
                going.Open();
                return await child;
            });
        hub.Options = hub.Options with { PurgeCompletedSubOrchestrations = true };
        await (await hub.StartAsync()).CreateAsync("Parent", "a");
        await going.PassAsync();
        await hub.Service.ForceTerminateTaskOrchestrationAsync("a", "enough");
        await hub.EndOfAsync("a");

        await hub.RaiseAsync("child", "go", "on");
        await hub.EndOfAsync("child");

        Assert.Null(await hub.StateOfAsync("child"));
    }

    [Fact]
    public async Task Orchestration_WithoutSessions_ReplaysToTheSameResult()
    {
        await using var hub = Hub();
        hub.Options = hub.Options with { SessionIdleTimeout = TimeSpan.Zero };
        await hub.StartAsync();

        var state = await hub.RunAsync("Nested", "a", 5);

        Assert.Equal("450", state.Output);
    }

    [Fact]
    public async Task Orchestrations_MoreThanMayBeInMemory_AllEnd()
    {
        await using var hub = Hub();
        hub.Options = hub.Options with { MaxConcurrentOrchestrations = 2 };
        await hub.StartAsync();

        var states = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hub.RunAsync("FanOut", $"a{i}", 5)));

        Assert.All(states, state => Assert.Equal("[0,2,4,6,8]", state.Output));
    }

    [Fact]
    public async Task SubOrchestration_UnderAnIdThatRuns_FailsItsCall()
    {
        await using var hub = Hub()
            .Orchestration<string, string>("Waits", async (context, _) => await context.WaitForEvent("go"))
            .Orchestration<string, string>("Calls", async (context, id) =>
            {
                try
                {
                    return await context.CallSubOrchestration<string>("Waits", id, null);
                }
                catch (DurableTask.Core.Exceptions.SubOrchestrationFailedException exception)
                {
                    return exception.FailureDetails!.ErrorMessage;
                }
            });
        await (await hub.StartAsync()).CreateAsync("Waits", "taken");

        var state = await hub.RunAsync("Calls", "a", "taken");

        Assert.Contains("an instance with this id is running", state.Output, StringComparison.Ordinal);
        await hub.RaiseAsync("taken", "go", "on");
        Assert.Equal(OrchestrationStatus.Completed, (await hub.EndOfAsync("taken")).OrchestrationStatus);
    }

    [Fact]
    public async Task SubOrchestration_FireAndForget_RunsAfterItsParentEnded()
    {
        await using var hub = Hub().Orchestration<string, string>("Detaches", (context, input) =>
        {
            _ = context.Framework.CreateSubOrchestrationInstance<int[]>(
                "FanOut", "", "detached", 3, new Dictionary<string, string> { [OrchestrationTags.FireAndForget] = "" });
            return Task.FromResult(input);
        });
        hub.Options = hub.Options with { PurgeCompletedSubOrchestrations = true };
        await hub.StartAsync();

        var parent = await hub.RunAsync("Detaches", "a", "gone");
        var child = await hub.EndOfAsync("detached");

        Assert.Equal("\"gone\"", parent.Output);
        Assert.Equal("[0,2,4]", child.Output);
        Assert.NotNull(await hub.StateOfAsync("detached"));
    }
}
