using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Activities;

public sealed class ActivityTests
{
    static TestHub Hub() => new TestHub()
        .Orchestration<int, int>("Call", (context, input) => context.CallActivity<int>("Work", input))
        .Orchestration<int, string>("CatchFailure", async (context, input) =>
        {
            try
            {
                await context.CallActivity<int>("Work", input);
                return "no failure";
            }
            catch (TaskFailedException exception)
            {
                return $"{exception.FailureDetails!.ErrorType}: {exception.FailureDetails.ErrorMessage} <- "
                    + $"{exception.FailureDetails.InnerFailure?.ErrorMessage}";
            }
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activity_ThatFails_TellsItsOrchestrationWhy(bool withoutSessions)
    {
        await using var hub = Hub().Activity<int, int>("Work", Fail);
        hub.Options = hub.Options with { SessionIdleTimeout = withoutSessions ? TimeSpan.Zero : TimeSpan.FromSeconds(9) };
        await hub.StartAsync();

        var state = await hub.RunAsync("CatchFailure", "a", 1);

        Assert.Equal("\"System.FormatException: bad 1 <- inner\"", state.Output);
    }

    [Fact]
    public async Task Activity_WhoseFailureNobodyCatches_FailsItsOrchestration()
    {
        await using var hub = await Hub().Activity<int, int>("Work", Fail).StartAsync();

        await hub.RunAsync("Call", "a", 1);

        var state = (await hub.StateOfAsync("a"))!;
        Assert.Equal(OrchestrationStatus.Failed, state.OrchestrationStatus);
        Assert.Contains("bad", state.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_ThatRunsWhenTheProcessDies_RunsAgain()
    {
        int runs = 0;
        var started = new Gate();
        var never = new Gate();
        await using var hub = await Hub().Activity<int, int>("Work", async value =>
        {
            int run = Interlocked.Increment(ref runs);
            started.Open();
            if (run == 1)
            {
                await never.PassAsync();
            }

            return value + 1;
        }).StartAsync();
        await hub.CreateAsync("Call", "a", 1);
        await started.PassAsync();

        await hub.CrashAsync();
        await hub.StartAsync();

        Assert.Equal("2", (await hub.EndOfAsync("a")).Output);
        Assert.Equal(2, runs);
        never.Open();
    }

    [Fact]
    public async Task Activity_ThatIsAbandoned_IsTriedAgain()
    {
        int tries = 0;
        await using var hub = await Hub().Activity<int, int>("Work", value => value)
            .Register(worker => worker.AddActivityDispatcherMiddleware((_, next) =>
                Interlocked.Increment(ref tries) == 1 ? throw new SessionAbortedException("not now") : next()))
            .StartAsync();

        var state = await hub.RunAsync("Call", "a", 7);

        Assert.Equal("7", state.Output);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Turn_ThatIsAbandoned_IsTriedAgain()
    {
        int tries = 0;
        await using var hub = await Hub().Activity<int, int>("Work", value => value)
            .Register(worker => worker.AddOrchestrationDispatcherMiddleware((_, next) =>
                Interlocked.Increment(ref tries) == 2 ? throw new SessionAbortedException("not now") : next()))
            .StartAsync();

        var state = await hub.RunAsync("Call", "a", 7);

        Assert.Equal("7", state.Output);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task Activities_AtTheSameTime_AreAsManyAsAllowed()
    {
        int running = 0;
        int most = 0;
        await using var hub = new TestHub()
            .Orchestration<int, int>("FanOut", async (context, count) =>
                (await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivity<int>("Work", i)))).Length)
            .Activity<int, int>("Work", async value =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return value;
            });
        hub.Options = hub.Options with { MaxConcurrentActivities = 3 };
        await hub.StartAsync();

        await hub.RunAsync("FanOut", "a", 300);

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Drain_WithActivitiesRunning_WaitsForThemAndStartsNoOther()
    {
        int runs = 0;
        var started = new Gate();
        var go = new Gate();
        await using var hub = new TestHub()
            .Orchestration<int, int>("FanOut", async (context, count) =>
                (await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivity<int>("Work", i)))).Length)
            .Activity<int, int>("Work", async value =>
            {
                if (Interlocked.Increment(ref runs) == 4)
                {
                    started.Open();
                }

                await go.PassAsync();
                return value;
            });
        hub.Options = hub.Options with { MaxConcurrentActivities = 4 };
        await hub.StartAsync();
        await hub.CreateAsync("FanOut", "a", 10);
        await started.PassAsync();

        var drain = hub.Service.DrainAsync(TestContext.Current.CancellationToken);
        bool endedEarly = drain.IsCompleted;
        go.Open();
        await drain;
        int runsAtDrain = runs;
        await hub.RestartAsync();

        Assert.False(endedEarly);
        Assert.Equal(4, runsAtDrain);
        Assert.Equal("10", (await hub.EndOfAsync("a")).Output);
        Assert.Equal(10, runs);
    }

    [Fact]
    public async Task Stop_AfterADrain_IsImmediateAndLetsAnotherServiceIn()
    {
        await using var hub = await Hub().Activity<int, int>("Work", value => value).StartAsync();
        var fastest = TimeSpan.MaxValue;
        // The disk may be slow once; a wait of the stop's own would be there each time.
        for (int i = 0; i < 3; i++)
        {
            await hub.RunAsync("Call", $"a{i}", 1);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await hub.CloseAsync();
            await hub.StartAsync();
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }

        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    static int Fail(int value) => throw new FormatException($"bad {value}", new InvalidOperationException("inner"));

    static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
