using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>A batch whose orchestration failed, taken up by another one on the real engine.</summary>
public sealed class RepairTests : IAsyncDisposable
{
    readonly EngineFixture fixture = new();
    readonly ConcurrentDictionary<long, int> sent = new();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Batch_TakenUpAfterAFailure_SendsOnlyTheItemsOfShardsThatHaveNoResults()
    {
        var writeShard = new FailingWriteShard(fixture.Store) { Failing = { [3] = true } };
        var (failed, manifest) = await fixture.RunAsync(100, SendAsync, itemsPerShard: 10, writeShard);
        Assert.Equal(DurableTask.Core.OrchestrationStatus.Failed, failed.OrchestrationStatus);
        writeShard.Failing.Clear();

        var repaired = await fixture.RepairAsync(manifest);

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, repaired.OrchestrationStatus);
        RequireWhole(manifest, 100);
        Assert.Equal(
            Enumerable.Range(30, 10).Select(index => (long)index),
            sent.Where(item => item.Value > 1).Select(item => item.Key).Order());
        Assert.Equal(100, BatchExecution.ReadStatus(repaired.Status).Tally.Counts.Succeeded);
    }

    [Fact]
    public async Task Batch_TakenUpWithMoreShardsThanAGeneration_FindsThoseOfEveryGeneration()
    {
        int items = BatchOrchestrator.ShardsPerGeneration + 50;
        var writeShard = new FailingWriteShard(fixture.Store) { Failing = { [items - 1] = true } };
        var (failed, manifest) = await fixture.RunAsync(items, SendAsync, itemsPerShard: 1, writeShard);
        Assert.Equal(DurableTask.Core.OrchestrationStatus.Failed, failed.OrchestrationStatus);
        writeShard.Failing.Clear();

        var repaired = await fixture.RepairAsync(manifest);

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, repaired.OrchestrationStatus);
        RequireWhole(manifest, items);
        Assert.Equal([items - 1], sent.Where(item => item.Value > 1).Select(item => item.Key));
    }

    [Fact]
    public async Task Batch_TakenUpThatFailsAgain_CanBeTakenUpOnceMore()
    {
        var writeShard = new FailingWriteShard(fixture.Store) { Failing = { [0] = true } };
        var (_, manifest) = await fixture.RunAsync(20, SendAsync, itemsPerShard: 10, writeShard);
        Assert.Equal(DurableTask.Core.OrchestrationStatus.Failed, (await fixture.RepairAsync(manifest)).OrchestrationStatus);
        writeShard.Failing.Clear();

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, (await fixture.RepairAsync(manifest)).OrchestrationStatus);

        RequireWhole(manifest, 20);
        Assert.All(sent, item => Assert.Equal(item.Key < 10 ? 3 : 1, item.Value));
    }

    [Fact]
    public async Task Batch_ThatFailed_IsTakenUpByTheSameCommandWithoutWhatIsWritten()
    {
        var writeShard = new FailingWriteShard(fixture.Store) { Failing = { [1] = true } };
        var (failed, manifest) = await fixture.RunAsync(20, SendAsync, itemsPerShard: 10, writeShard);
        Assert.Equal(DurableTask.Core.OrchestrationStatus.Failed, failed.OrchestrationStatus);
        writeShard.Failing.Clear();

        var again = await fixture.RunAgainAsync(manifest);

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, again.OrchestrationStatus);
        RequireWhole(manifest, 20);
        Assert.All(sent, item => Assert.Equal(item.Key < 10 ? 1 : 2, item.Value));
    }

    [Fact]
    public async Task Batch_ThatIsCompleted_IsNotRunAgainByAStart()
    {
        var (first, manifest) = await fixture.RunAsync(20, SendAsync);

        var second = await fixture.ScheduleAgainAsync(manifest);

        Assert.Equal(first.OrchestrationInstance.ExecutionId, second.OrchestrationInstance.ExecutionId);
        Assert.All(sent, item => Assert.Equal(1, item.Value));
    }

    Task<Rollcall.Items.ItemOutcome> SendAsync(long index)
    {
        sent.AddOrUpdate(index, 1, (_, count) => count + 1);
        return Task.FromResult(EngineFixture.Success(index));
    }

    void RequireWhole(BatchManifest manifest, int items) => Assert.Equal(
        Enumerable.Range(0, items),
        fixture.ReadResults(manifest).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32()));

    sealed class FailingWriteShard(IBatchStore store) : TaskActivity<ShardOutcomes, WrittenShard>
    {
        public ConcurrentDictionary<int, bool> Failing { get; } = new();

        public override Task<WrittenShard> RunAsync(TaskActivityContext context, ShardOutcomes input) => Failing.ContainsKey(input.Shard)
            ? throw new InvalidOperationException($"no room for shard {input.Shard}")
            : new WriteShard(store).RunAsync(context, input);
    }
}
