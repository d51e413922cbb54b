using Microsoft.DurableTask;
using Rollcall.Control;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>One generation of a batch's orchestrator.</summary>
sealed class BatchFanOut
{
    readonly TaskOrchestrationContext context;
    readonly BatchTally tally = new();
    readonly WakeSignal changed = new();
    readonly SortedDictionary<int, int> shardOf = [];
    BatchRun run;
    int[] shares;
    int planNumber;
    Lanes? lanes;
    BatchStop? stop;
    long failures;
    bool isOver;

    public BatchFanOut(TaskOrchestrationContext context, BatchRun input)
    {
        this.context = context;
        run = input;
        shares = LaneShare.Split(run.ItemsAtOnce, run.ShardsAtOnce);
        stop = input.Stop;
        failures = input.Failures;
        tally.Add(input.Tally ?? new BatchTally());
    }

    public Task<SealedBatch?> RunAsync() => Task.WhenAny(RunGenerationAsync(), ListenAsync()).Unwrap();

    async Task<SealedBatch?> RunGenerationAsync()
    {
        ShowStatus();
        await WaitForStartAsync();
        int shards = run.ShardCount();
        int end = Math.Min(shards, run.NextShard + BatchOrchestrator.ShardsPerGeneration);
        var leftOut = await FindWrittenAsync(end);
        lanes = new Lanes(run.NextShard, end, (shard, lane) => leftOut.Contains(shard) ? Task.CompletedTask : RunShardAsync(shard, lane));
        await lanes.RunAsync(run.ShardsAtOnce);
        if (stop is not null && run.Run == 1)
        {
            var unsent = new UnsentShards(run.BatchId, run.NextShard, end, stop);
            tally.Add(await context.CallActivityAsync<BatchTally>(nameof(WriteUnsent), unsent, PlatformRetry.Options));
        }

        if (end < shards)
        {
            context.ContinueAsNew(run with { NextShard = end, Tally = tally, Failures = failures, Stop = stop });
            return null;
        }

        var address = new BatchRunAddress(run.BatchId, run.Run);
        var whole = await context.CallActivityAsync<SealedBatch>(nameof(SealBatch), address, PlatformRetry.Options);
        ShowStatus(whole);
        if (run.HasNotice)
        {
            await context.CallActivityAsync<string>(nameof(StartNotice), address, PlatformRetry.Options);
        }

        isOver = true;
        return whole;
    }

    // Only what comes and is not what is listened for ends it before the batch.
    async Task<SealedBatch?> ListenAsync()
    {
        while (!isOver)
        {
            var control = await context.WaitForExternalEvent<BatchControl>(BatchOrchestrator.ControlEvent);

            // Events may come twice, and in another order than they were made in; the newest one counts.
            if (control.Version > run.ControlVersion && control.Run == run.Run)
            {
                run = run.With(control);
                stop ??= control.Stop;
                Share();
                lanes?.Resize(run.ShardsAtOnce);
                ShowStatus();
                changed.Set();
            }
        }

        return null;
    }

    async Task WaitForStartAsync()
    {
        while (stop is null && run.StartAt is { } start && start.UtcDateTime - context.CurrentUtcDateTime is var wait && wait > TimeSpan.Zero)
        {
            await context.SleepAsync(wait, changed);
        }
    }

    // The first run of a batch has nothing to look for, and pays nothing.
    async Task<HashSet<int>> FindWrittenAsync(int end)
    {
        if (run.Repair is null)
        {
            return [];
        }

        var range = new ShardRange(run.BatchId, run.Run, run.NextShard, end);
        var written = await context.CallActivityAsync<WrittenShards>(nameof(FindWritten), range, PlatformRetry.Options);
        tally.Add(written.Tally);
        failures += run.Run == 1 ? written.Tally.Counts.Failed : 0;
        ShowStatus();
        return [.. written.Shards];
    }

    async Task RunShardAsync(int shard, int lane)
    {
        if (stop is not null)
        {
            return;
        }

        shardOf[lane] = shard;
        ShowStatus();
        var options = new SubOrchestrationOptions(instanceId: run.InstanceIdOf(shard));
        ShardResult result;
        try
        {
            result = await context.CallSubOrchestratorAsync<ShardResult>(nameof(ShardOrchestrator), run.ShardRunOf(shard, PlanOf(lane), failures), options);
        }
        finally
        {
            // Also where the shard failed: the others would wait for lanes that nobody uses.
            shardOf.Remove(lane);
            if (lane >= run.ShardsAtOnce)
            {
                Share();
            }
        }

        tally.Add(result.Tally);
        failures += result.Failures;
        stop ??= result.Stop;
        if (stop is null && failures > run.FailureLimit)
        {
            stop = await context.CallActivityAsync<BatchStop>(nameof(StopBatch), run.BatchId, PlatformRetry.Options);
        }

        ShowStatus();
    }

    /// <summary>
    /// Shares the items at once out again. Shards beyond what the batch has now come first: they end, and are followed by none, where
    /// one of the others could keep them waiting to the batch's end.
    /// </summary>
    void Share()
    {
        int[] beyond = [.. shardOf.Keys.Where(lane => lane >= run.ShardsAtOnce)];
        int[] order = [.. beyond, .. Enumerable.Range(0, run.ShardsAtOnce)];
        var split = LaneShare.Split(run.ItemsAtOnce, order.Length);
        shares = new int[order.Max() + 1];
        for (int i = 0; i < order.Length; i++)
        {
            shares[order[i]] = split[i];
        }

        planNumber++;
        foreach (var (lane, shard) in shardOf)
        {
            context.SendEvent(run.InstanceIdOf(shard), LanePlan.EventName, PlanOf(lane));
        }
    }

    LanePlan PlanOf(int lane) => new(shares[lane], planNumber, IsStopped: stop is not null);

    void ShowStatus(SealedBatch? whole = null) =>
        context.SetCustomStatus(new BatchRunStatus(run.Run, run.ControlVersion, tally, [.. shardOf.Values.Select(run.InstanceIdOf)], whole));
}
