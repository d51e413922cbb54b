using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Sending;

namespace Rollcall.EndToEnd.Tests.Engine;

public sealed class OrchestratorTests
{
    [Fact]
    public async Task Batch_ActivityThrowsWhatItShouldNot_KeepsTheItemsPlaceWithAPlatformOutcome()
    {
        await using var fixture = new EngineFixture();
        var runs = new ConcurrentDictionary<long, int>();

        var (state, manifest) = await fixture.RunAsync(150, index =>
        {
            runs.AddOrUpdate(index, 1, (_, count) => count + 1);
            return index is 3 or 120
                ? throw new InvalidOperationException($"broken {index}")
                : Task.FromResult(EngineFixture.Success(index));
        });

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        var lines = RequireOneLineEach(fixture, manifest, 150);
        foreach (int index in new[] { 3, 120 })
        {
            var error = lines[index].GetProperty("error");
            Assert.Equal("platform", error.GetProperty("code").GetString());
            Assert.Equal($"broken {index}", error.GetProperty("message").GetString());
            Assert.Equal(5, runs[index]);
        }

        Assert.Equal(148, lines.Count(line => line.GetProperty("status").GetString() == "succeeded"));
    }

    [Fact]
    public async Task Batch_ActivityThrowsTwice_IsRunAgainAndSucceeds()
    {
        await using var fixture = new EngineFixture();
        int runs = 0;

        var (_, manifest) = await fixture.RunAsync(20, index =>
            index == 7 && Interlocked.Increment(ref runs) < 3
                ? throw new InvalidOperationException("passing")
                : Task.FromResult(EngineFixture.Success(index)));

        Assert.All(RequireOneLineEach(fixture, manifest, 20), line => Assert.Equal("succeeded", line.GetProperty("status").GetString()));
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Batch_AnotherItemsResultComesBack_IsNotTakenAndTheItemIsSentAgain()
    {
        await using var fixture = new EngineFixture();
        var runs = new ConcurrentDictionary<long, int>();

        var (state, manifest) = await fixture.RunAsync(20, index =>
            Task.FromResult(
                EngineFixture.Success(index is 7 or 8 && runs.AddOrUpdate(index, 1, (_, count) => count + 1) < 3 ? index + 5 : index)));

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        RequireOneLineEach(fixture, manifest, 20);
        Assert.Equal(new Dictionary<long, int> { [7] = 3, [8] = 3 }, runs.ToDictionary());
    }

    [Fact]
    public async Task Batch_ItemsThatEndInAnyOrder_AreWrittenInInputOrder()
    {
        await using var fixture = new EngineFixture();
        var held = new TaskCompletionSource();
        int ended = 0;

        // The first item of all ends last.
        var (_, manifest) = await fixture.RunAsync(300, async index =>
        {
            if (index == 0)
            {
                await held.Task;
            }
            else if (Interlocked.Increment(ref ended) == 299)
            {
                held.SetResult();
            }

            return EngineFixture.Success(index);
        });

        RequireOneLineEach(fixture, manifest, 300);
    }

    [Fact]
    public async Task Batch_MoreShardsThanAGeneration_GoesOnAsNewAndLosesNone()
    {
        await using var fixture = new EngineFixture();
        int items = BatchOrchestrator.ShardsPerGeneration + 5;

        var (state, manifest) = await fixture.RunAsync(items, index => Task.FromResult(EngineFixture.Success(index)), itemsPerShard: 1);

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Completed, state.OrchestrationStatus);
        RequireOneLineEach(fixture, manifest, items);
        var receipt = await fixture.Store.FindReceiptAsync(manifest.Id, run: 1, TestContext.Current.CancellationToken);
        Assert.Equal(items, receipt!.Outcomes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Item_ThatIsToWait_IsSentAgainAfterADurableTimerWithItsAttempts(bool isPaused)
    {
        await using var fixture = new EngineFixture();
        var attempt = new Attempt(DateTimeOffset.UnixEpoch, 1, 503, ItemErrorCode.HttpStatus);
        var seen = new ConcurrentQueue<int>();

        var (_, manifest) = await fixture.RunAsync(20, input =>
        {
            var attempts = input.Attempts ?? [];
            if (input.Index != 7 || attempts.Count == 2)
            {
                return Task.FromResult(new SendResult(EngineFixture.Success(input.Index) with { Attempts = attempts.Count + 1 }));
            }

            seen.Enqueue(attempts.Count);
            return Task.FromResult(
                new SendResult(
                    EngineFixture.Success(input.Index) with { Attempts = attempts.Count + 1, AttemptHistory = [.. attempts, attempt] },
                    RetryAfter: TimeSpan.FromSeconds(30),
                    Stop: null,
                    isPaused));
        });

        Assert.Equal([0, 1], seen);
        Assert.Equal(3, RequireOneLineEach(fixture, manifest, 20)[7].GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Batch_ShardThatCannotBeWritten_FailsAndIsNotSealed()
    {
        await using var fixture = new EngineFixture();

        var (state, manifest) = await fixture.RunAsync(
            10,
            index => Task.FromResult(EngineFixture.Success(index)),
            writeShard: new BrokenWriteShard());

        Assert.Equal(DurableTask.Core.OrchestrationStatus.Failed, state.OrchestrationStatus);
        Assert.Contains(
            "no room for shard 0",
            state.FailureDetails!.ToString() + state.FailureDetails.InnerFailure,
            StringComparison.Ordinal);
        Assert.Null(await fixture.Store.FindReceiptAsync(manifest.Id, run: 1, TestContext.Current.CancellationToken));
    }

    static List<JsonElement> RequireOneLineEach(EngineFixture fixture, BatchManifest manifest, int items)
    {
        var lines = fixture.ReadResults(manifest).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, items), lines.Select(line => line.GetProperty("index").GetInt32()));
        return lines;
    }

    sealed class BrokenWriteShard : TaskActivity<ShardOutcomes, OutcomeCounts>
    {
        public override Task<OutcomeCounts> RunAsync(TaskActivityContext context, ShardOutcomes input) =>
            throw new InvalidOperationException($"no room for shard {input.Shard}");
    }
}
