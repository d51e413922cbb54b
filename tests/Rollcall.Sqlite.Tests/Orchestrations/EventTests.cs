using DurableTask.Core;
using Rollcall.Sqlite.Tests.Hosting;
using Xunit;

namespace Rollcall.Sqlite.Tests.Orchestrations;

public sealed class EventTests
{
    static TestHub Hub() => new TestHub()
        .Activity<int, int>("Echo", value => value)
        .Orchestration<int, string>("Collect", async (context, count) =>
        {
            var collected = new List<string>();
            while (collected.Count < count)
            {
                collected.Add(await context.WaitForEvent("item"));
                context.Status = collected.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return string.Join(',', collected);
        })
        .Orchestration<int, string>("Late", async (context, _) =>
        {
            await context.CallActivity<int>("Echo", 1);
            return await context.WaitForEvent("item");
        });

    [Fact]
    public async Task Event_RaisedBeforeTheWait_IsKept()
    {
        await using var hub = Hub().Open();
        await hub.CreateAsync("Late", "a", 1);
        await hub.RaiseAsync("a", "item", 7);

        await hub.StartAsync();

        Assert.Equal("\"7\"", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task Events_RaisedOneByOne_ArriveInOrder()
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Collect", "a", 200);

        for (int i = 0; i < 200; i++)
        {
            await hub.RaiseAsync("a", "item", i);
        }

        Assert.Equal($"\"{string.Join(',', Enumerable.Range(0, 200))}\"", (await hub.EndOfAsync("a")).Output);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Events_WhileSessionsEndAllTheTime_AreNeverLost(int idleMilliseconds)
    {
        await using var hub = Hub();
        hub.Options = hub.Options with
        {
            SessionIdleTimeout = TimeSpan.FromMilliseconds(idleMilliseconds),
            MaxConcurrentOrchestrations = 3,
        };
        await hub.StartAsync();
        string[] ids = Enumerable.Range(0, 8).Select(i => $"a{i}").ToArray();
        foreach (string id in ids)
        {
            await hub.CreateAsync("Collect", id, 100);
        }

        await Task.WhenAll(ids.Select(async id =>
        {
            for (int i = 0; i < 100; i++)
            {
                await hub.RaiseAsync(id, "item", i);
            }
        }));

        foreach (string id in ids)
        {
            Assert.Equal($"\"{string.Join(',', Enumerable.Range(0, 100))}\"", (await hub.EndOfAsync(id)).Output);
        }
    }

    [Fact]
    public async Task Event_ForAnUnknownInstance_IsDropped()
    {
        await using var hub = await Hub().StartAsync();

        await hub.RaiseAsync("nobody", "item", 1);
        await hub.CreateAsync("Collect", "nobody", 1);
        await hub.RaiseAsync("nobody", "item", 2);

        Assert.Equal("\"2\"", (await hub.EndOfAsync("nobody")).Output);
    }

    [Fact]
    public async Task Event_ForAnEndedInstance_IsDropped()
    {
        await using var hub = await Hub().StartAsync();
        await hub.RunAsync("Collect", "a", 0);

        await hub.RaiseAsync("a", "item", 1);

        Assert.DoesNotContain("EventRaised", await hub.Service.GetOrchestrationHistoryAsync("a", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_SentByAnotherOrchestration_Arrives()
    {
        await using var hub = Hub().Orchestration<string, string>("Sends", (context, target) =>
        {
            context.Framework.SendEvent(new OrchestrationInstance { InstanceId = target }, "item", 5);
            return Task.FromResult("sent");
        });
        await hub.StartAsync();
        await hub.CreateAsync("Collect", "a", 1);

        await hub.RunAsync("Sends", "b", "a");

        Assert.Equal("\"5\"", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task Suspend_ThenResume_TakesTheEventsInAfterwards()
    {
        await using var hub = await Hub().StartAsync();
        var instance = await hub.CreateAsync("Collect", "a", 2);
        await hub.Client.SuspendInstanceAsync(instance, "wait");
        await hub.RaiseAsync("a", "item", 1);
        await hub.RaiseAsync("a", "item", 2);
        await hub.RestartAsync();
        var suspended = await StatusAsync(hub, OrchestrationStatus.Suspended);

        await hub.Client.ResumeInstanceAsync(instance, "go on");

        Assert.Equal(OrchestrationStatus.Suspended, suspended);
        Assert.Equal("\"1,2\"", (await hub.EndOfAsync("a")).Output);
    }

    [Fact]
    public async Task Terminate_OfARunningInstance_EndsItWithTheReason()
    {
        await using var hub = await Hub().StartAsync();
        var instance = await hub.CreateAsync("Collect", "a", 1);

        await hub.Client.TerminateInstanceAsync(instance, "enough");

        var state = await hub.EndOfAsync("a");
        Assert.Equal(OrchestrationStatus.Terminated, state.OrchestrationStatus);
        Assert.Equal("enough", state.Output);
    }

    [Theory]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task ControlMessage_ForAnUnknownInstance_IsDropped(string what)
    {
        await using var hub = await Hub().StartAsync();
        var nobody = new OrchestrationInstance { InstanceId = "nobody" };

        await (what switch
        {
            "terminate" => hub.Client.TerminateInstanceAsync(nobody, "x"),
            "suspend" => hub.Client.SuspendInstanceAsync(nobody, "x"),
            _ => hub.Client.ResumeInstanceAsync(nobody, "x"),
        });

        Assert.Null(await hub.StateOfAsync("nobody"));
    }

    [Fact]
    public async Task CustomStatus_OfARunningInstance_CanBeRead()
    {
        await using var hub = await Hub().StartAsync();
        await hub.CreateAsync("Collect", "a", 3);
        await hub.RaiseAsync("a", "item", 1);
        await hub.RaiseAsync("a", "item", 1);

        string? status;
        do
        {
            status = (await hub.StateOfAsync("a"))!.Status;
        }
        while (status != "2");

        Assert.Equal("2", status);
    }

    static async Task<OrchestrationStatus> StatusAsync(TestHub hub, OrchestrationStatus awaited)
    {
        using var patience = new CancellationTokenSource(TestHub.Patience);
        while (!patience.IsCancellationRequested && (await hub.StateOfAsync("a"))!.OrchestrationStatus != awaited)
        {
            await Task.Yield();
        }

        return (await hub.StateOfAsync("a"))!.OrchestrationStatus;
    }
}
