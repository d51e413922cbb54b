using DurableTask.Core;
using Microsoft.Extensions.Time.Testing;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Timers;

public sealed class TimerTests
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    TestHub Hub()
    {
        var hub = new TestHub()
            .Orchestration<int, string>("Sleep", async (context, minutes) =>
            {
                context.Status = "asleep";
                await context.Framework.CreateTimer(context.Framework.CurrentUtcDateTime.AddMinutes(minutes), "");
                return "awake";
            })
            .Orchestration<string, string>("Say", (_, text) => Task.FromResult(text));
        hub.Options = hub.Options with { TimeProvider = clock };
        return hub;
    }

    [Fact]
    public async Task Timer_WhenTimePasses_Fires()
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Sleep", "a", 5);
        await AsleepAsync(hub, "a");

        clock.Advance(Hour);

        Assert.Equal("\"awake\"", (await EndAsync(hub, "a")).Output);
    }

    [Fact]
    public async Task Timer_ThatBecameDueWhileNothingRan_FiresAtTheNextStart()
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Sleep", "a", 5);
        await AsleepAsync(hub, "a");
        await hub.CloseAsync();
        clock.Advance(Hour);

        await hub.StartAsync();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("\"awake\"", (await EndAsync(hub, "a")).Output);
    }

    [Fact]
    public async Task Timer_NotYetDueAfterARestart_StillFires()
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Sleep", "a", 5);
        await AsleepAsync(hub, "a");
        await hub.RestartAsync();

        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("\"awake\"", (await EndAsync(hub, "a")).Output);
    }

    [Fact]
    public async Task Timers_OfManyInstances_FireInTheOrderTheyAreDue()
    {
        await using var hub = await Hub().StartAsync();
        int[] minutes = [50, 10, 40, 20, 30];
        foreach (int minute in minutes)
        {
            await hub.CreateAsync("Sleep", $"a{minute}", minute);
        }

        foreach (int minute in minutes)
        {
            await AsleepAsync(hub, $"a{minute}");
        }

        foreach (int minute in minutes.Order())
        {
            // A minute more than is between two timers: each was set at a real time, up to so much after the fake clock's.
            clock.Advance(TimeSpan.FromMinutes(11));
            await EndAsync(hub, $"a{minute}");
            if (minute < minutes.Max())
            {
                Assert.Equal(OrchestrationStatus.Running, (await hub.StateOfAsync($"a{minute + 10}"))!.OrchestrationStatus);
            }
        }

        Assert.Equal(
            5,
            (await hub.Service.GetOrchestrationWithQueryAsync(new(), TestContext.Current.CancellationToken)).OrchestrationState.Count);
    }

    [Fact]
    public async Task ScheduledStart_BeforeItsTime_StaysPending()
    {
        await using var hub = await Hub().StartAsync();
        await hub.Client.CreateScheduledOrchestrationInstanceAsync("Say", "", "a", "late", clock.GetUtcNow().UtcDateTime + Hour);
        var before = (await hub.StateOfAsync("a"))!.OrchestrationStatus;
        await hub.RestartAsync();

        clock.Advance(Hour + Hour);

        Assert.Equal(OrchestrationStatus.Pending, before);
        Assert.Equal("\"late\"", (await EndAsync(hub, "a")).Output);
    }

    [Fact]
    public async Task ScheduledStart_TerminatedBeforeItsTime_NeverStarts()
    {
        await using var hub = await Hub().StartAsync();
        var instance = await hub.Client.CreateScheduledOrchestrationInstanceAsync(
            "Say",
            "",
            "a",
            "late",
            clock.GetUtcNow().UtcDateTime + Hour);

        await hub.Client.TerminateInstanceAsync(instance, "changed my mind");
        var state = await EndAsync(hub, "a");
        clock.Advance(Hour + Hour);

        Assert.Equal(OrchestrationStatus.Terminated, state.OrchestrationStatus);
        Assert.Equal("changed my mind", state.Output);
        Assert.Equal(0, hub.Turns);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ScheduledStart_WithEventsBeforeItsTime_TakesThemIn(bool restart)
    {
        await using var hub = await Hub().Orchestration<string, string>("Wait", (context, _) => context.WaitForEvent("go")).StartAsync();
        await hub.Client.CreateScheduledOrchestrationInstanceAsync("Wait", "", "a", "x", clock.GetUtcNow().UtcDateTime + Hour);
        await hub.RaiseAsync("a", "go", "early");
        if (restart)
        {
            await hub.RestartAsync();
        }

        clock.Advance(Hour + Hour);

        Assert.Contains("early", (await EndAsync(hub, "a")).Output, StringComparison.Ordinal);
    }

    // The state is read until it is as awaited, as the fake clock does not make waits end.
    static async Task AsleepAsync(TestHub hub, string id)
    {
        using var patience = new CancellationTokenSource(TestHub.Patience);
        while ((await hub.StateOfAsync(id))!.Status != "asleep")
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    static Task<OrchestrationState> EndAsync(TestHub hub, string id) => hub.EndOfAsync(id).WaitAsync(TestHub.Patience);
}
