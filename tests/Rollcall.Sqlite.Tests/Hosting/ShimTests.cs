using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Xunit;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>Orchestrators written for durabletask-dotnet run on the service through that library's shims.</summary>
public sealed class ShimTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Orchestrator_OfDurabletaskDotnet_RunsThroughTheShims(int idleSeconds)
    {
        var shim = new DurableTaskShimFactory(new DurableTaskWorkerOptions());
        await using var hub = new TestHub().Register(worker =>
        {
            worker.AddTaskOrchestrations(
                new Named<TaskOrchestration>("Outer", () => shim.CreateOrchestration("Outer", new Outer())),
                new Named<TaskOrchestration>("Inner", () => shim.CreateOrchestration("Inner", new Inner())));
            worker.AddTaskActivities(new Named<TaskActivity>("Add", () => shim.CreateActivity("Add", new Add())));
        });
        hub.Options = hub.Options with { SessionIdleTimeout = TimeSpan.FromSeconds(idleSeconds), PurgeCompletedSubOrchestrations = true };
        await hub.StartAsync();
        await hub.CreateAsync("Outer", "a", 5);

        await hub.RaiseAsync("a", "go", 1_000);

        Assert.Equal("1075", (await hub.EndOfAsync("a")).Output);
    }

    sealed class Outer : TaskOrchestrator<int, int>
    {
        public override async Task<int> RunAsync(TaskOrchestrationContext context, int input)
        {
            int[] parts = await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.CallSubOrchestratorAsync<int>("Inner", 10)));
            await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            return parts.Sum() + await context.WaitForExternalEvent<int>("go");
        }
    }

    sealed class Inner : TaskOrchestrator<int, int>
    {
        public override async Task<int> RunAsync(TaskOrchestrationContext context, int input) =>
            (await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.CallActivityAsync<int>("Add", i)))).Sum();
    }

    sealed class Add : Microsoft.DurableTask.TaskActivity<int, int>
    {
        public override Task<int> RunAsync(TaskActivityContext context, int input) => Task.FromResult(input - 3);
    }
}
