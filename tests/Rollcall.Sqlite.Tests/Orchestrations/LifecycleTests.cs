using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Orchestrations;

public sealed class LifecycleTests
{
    static TestHub Hub() => new TestHub()
        .Activity<int, int>("Echo", value => value)
        .Orchestration<string, string>("Say", (_, text) => Task.FromResult(text))
        .Orchestration<string, string>("Wait", (context, _) => context.WaitForEvent("go"))
        .Orchestration<int, int>("CountDown", async (context, left) =>
        {
            await context.CallActivity<int>("Echo", left);
            if (left > 0)
            {
                context.Framework.ContinueAsNew(left - 1);
            }

            return left;
        })
        .Orchestration<string[], string>("Gather", async (context, sofar) =>
        {
            string[] all = [.. sofar, await context.WaitForEvent("item")];
            if (all.Length < 5)
            {
                context.Framework.ContinueAsNew(all);
            }

            return string.Join(',', all);
        });

    [Fact]
    public async Task ContinueAsNew_ManyTimes_EndsWithTheLastExecution()
    {
        await using var hub = await Hub().StartAsync();
        var first = await hub.CreateAsync("CountDown", "a", 10);

        var state = await hub.EndOfAsync("a");

        Assert.Equal("0", state.Output);
        Assert.Equal("0", state.Input);
        Assert.NotEqual(first.ExecutionId, state.OrchestrationInstance.ExecutionId);
        Assert.Null(await hub.Client.GetOrchestrationStateAsync(first));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ContinueAsNew_WithEventsPending_CarriesThemOver(bool restart)
    {
        await using var hub = Hub().Open();
        await hub.CreateAsync("Gather", "a", Array.Empty<string>());
        for (int i = 0; i < 5; i++)
        {
            await hub.RaiseAsync("a", "item", i);
            if (restart)
            {
                await hub.RestartAsync();
            }
        }

        await (restart ? Task.CompletedTask : hub.StartAsync());

        Assert.Equal("\"0,1,2,3,4\"", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task ContinueAsNew_WithASuspensionAndEventsRightBehind_LosesNone()
    {
        await using var hub = Hub().Open();
        var instance = await hub.CreateAsync("Gather", "a", Array.Empty<string>());
        await hub.RaiseAsync("a", "item", 0);
        await hub.Client.SuspendInstanceAsync(instance);
        await hub.RaiseAsync("a", "item", 1);
        await hub.RaiseAsync("a", "item", 2);
        await hub.Client.ResumeInstanceAsync(instance);
        await hub.Client.SuspendInstanceAsync(instance);
        await hub.RaiseAsync("a", "item", 3);
        await RunUntilAsync(hub, OrchestrationStatus.Suspended);

        await hub.Client.ResumeInstanceAsync(instance);
        await hub.RaiseAsync("a", "item", 4);

        Assert.Equal("\"0,1,2,3,4\"", (await hub.EndOfAsync("a")).Output);
    }

    [Theory]
    [InlineData(OrchestrationStatus.Pending)]
    [InlineData(OrchestrationStatus.Running)]
    public async Task Create_UnderAnIdThatIsLive_IsRefused(OrchestrationStatus status)
    {
        await using var hub = Hub().Open();
        await hub.CreateAsync("Wait", "a");
        if (status == OrchestrationStatus.Running)
        {
            await RunUntilAsync(hub, status);
        }

        var error = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.CreateAsync("Say", "a", "x"));

        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains(status.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_UnderAnIdThatHasEnded_ReplacesTheInstance()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "one");

        var state = await hub.RunAsync("Say", "a", "two");

        Assert.Equal("\"two\"", state.Output);
        Assert.DoesNotContain("one", await hub.Service.GetOrchestrationHistoryAsync("a", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithAnEndedStatusToDedupe_IsRefused()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Say", "a", "one");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            hub.Client.CreateOrchestrationInstanceAsync("Say", "", "a", "two", null, [OrchestrationStatus.Completed]));

        Assert.Equal("\"one\"", (await hub.StateOfAsync("a"))!.Output);
    }

    [Fact]
    public async Task Create_WithNothingToDedupe_ReplacesARunningInstance()
    {
        await using var hub = Hub();
        await hub.Open().CreateAsync("Wait", "a");
        await RunUntilAsync(hub, OrchestrationStatus.Running);

        await hub.Client.CreateOrchestrationInstanceAsync("Say", "", "a", "two", null, []);

        Assert.Equal("\"two\"", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task Create_UnderIdsThatDifferInCase_MakesTwoInstances()
    {
        await using var hub = await Hub().StartAsync();

        var states = await Task.WhenAll(hub.RunAsync("Say", "a", "small"), hub.RunAsync("Say", "A", "large"));

        Assert.Equal(["\"small\"", "\"large\""], states.Select(state => state.Output));
    }

    [Fact]
    public async Task Create_ByManyClientsAtOnce_MakesOneInstancePerId()
    {
        await using var hub = await Hub().StartAsync();

        int[] created = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            try
            {
                await hub.CreateAsync("Wait", $"a{i % 20}");
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        }));

        Assert.Equal(20, created.Sum());
    }

    [Fact]
    public async Task Wait_ForLongerThanTheTimeout_ReturnsNothing()
    {
        await using var hub = await Hub().StartAsync();
        var instance = await hub.CreateAsync("Wait", "a");

        Assert.Null(
            await hub.Client.WaitForOrchestrationAsync(instance, TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wait_BeforeTheInstanceExists_SeesItsEnd()
    {
        await using var hub = await Hub().StartAsync();
        var waiting = hub.EndOfAsync("a");

        await hub.CreateAsync("Say", "a", "done");

        Assert.Equal("\"done\"", (await waiting).Output);
    }

    [Fact]
    public async Task State_OfAnInstance_SaysHowItWasMade()
    {
        await using var hub = await Hub().StartAsync();
        var tags = new Dictionary<string, string> { ["colour"] = "blue" };
        await hub.Client.CreateOrchestrationInstanceAsync("Say", "", "a", "x", tags);
        await hub.EndOfAsync("a");

        var state = (await hub.StateOfAsync("a"))!;

        Assert.Equal("Say", state.Name);
        Assert.Equal("\"x\"", state.Input);
        Assert.Equal("\"x\"", state.Output);
        Assert.Equal("blue", state.Tags["colour"]);
        Assert.InRange(state.CreatedTime, DateTime.UtcNow.AddMinutes(-1), state.CompletedTime);
        Assert.Equal(DateTimeKind.Utc, state.CompletedTime.Kind);
    }

    static async Task RunUntilAsync(TestHub hub, OrchestrationStatus status)
    {
        await hub.StartAsync();
        using var patience = new CancellationTokenSource(TestHub.Patience);
        while (!patience.IsCancellationRequested && (await hub.StateOfAsync("a"))!.OrchestrationStatus != status)
        {
            await Task.Yield();
        }
    }
}
