using Microsoft.DurableTask;
using Rollcall.Control;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>One generation of a batch's orchestrator.</summary>
sealed class BatchFanOut
{
    // Storage that loses results each time they are written needs a person.
    const int MostRounds = 5;

    readonly TaskOrchestrationContext context;
    readonly BatchTally tally = new();
    readonly WakeSignal changed = new();
    readonly SortedDictionary<int, string> instanceOf = [];
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
        var whole = await SealAsync(address);
        ShowStatus(whole);
        if (run.HasNotice)
        {
            await context.CallActivityAsync<string>(nameof(StartNotice), address, PlatformRetry.Options);
        }

        isOver = true;
        return whole;
    }

    /// <summary>Seals the batch. Shards whose results were lost or damaged on disk by then are run again, a few times at the most.</summary>
    async Task<SealedBatch> SealAsync(BatchRunAddress address)
    {
        for (int round = 1; ; round++)
        {
            var result = await context.CallActivityAsync<SealResult>(nameof(SealBatch), address, PlatformRetry.Options);
            if (result.Whole is { } whole)
            {
                return whole;
            }

            if (round > MostRounds)
            {
                throw new InvalidOperationException($"The batch cannot be sealed: its stored results were lost {round} times. {result.Lost[0].Reason}");
            }

            int[] shards = [.. result.Lost.Select(lost => lost.Shard)];
            lanes = new Lanes(0, shards.Length, (i, lane) => RunAgainAsync(shards[i], lane, round));
            await lanes.RunAsync(run.ShardsAtOnce);
        }
    }

    // What the shard came to is counted already.
    async Task RunAgainAsync(int shard, int lane, int round)
    {
        if (stop is null)
        {
            stop = (await RunShardAsync(shard, lane, round)).Stop;
        }
        else if (run.Run == 1)
        {
            await context.CallActivityAsync<BatchTally>(nameof(WriteUnsent), new UnsentShards(run.BatchId, shard, shard + 1, stop), PlatformRetry.Options);
        }
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

        var result = await RunShardAsync(shard, lane, round: 0);
        tally.Add(result.Tally);
        failures += result.Failures;
        stop ??= result.Stop;
        if (stop is null && failures > run.FailureLimit)
        {
            stop = await context.CallActivityAsync<BatchStop>(nameof(StopBatch), run.BatchId, PlatformRetry.Options);
        }

        ShowStatus();
    }

    async Task<ShardResult> RunShardAsync(int shard, int lane, int round)
    {
        instanceOf[lane] = run.InstanceIdOf(shard, round);
        ShowStatus();
        var options = new SubOrchestrationOptions(instanceId: instanceOf[lane]);
        try
        {
            return await context.CallSubOrchestratorAsync<ShardResult>(nameof(ShardOrchestrator), run.ShardRunOf(shard, PlanOf(lane)), options);
        }
        finally
        {
            // Also where the shard failed: the others would wait for lanes that nobody uses.
            instanceOf.Remove(lane);
            if (lane >= run.ShardsAtOnce)
            {
                Share();
            }
        }
    }

    /// <summary>
    /// Shares the items at once out again. Shards beyond what the batch has now come first: they end, and are followed by none, where
    /// one of the others could keep them waiting to the batch's end.
    /// </summary>
    void Share()
    {
        int[] beyond = [.. instanceOf.Keys.Where(lane => lane >= run.ShardsAtOnce)];
        int[] order = [.. beyond, .. Enumerable.Range(0, run.ShardsAtOnce)];
        var split = LaneShare.Split(run.ItemsAtOnce, order.Length);
        shares = new int[order.Max() + 1];
        for (int i = 0; i < order.Length; i++)
        {
            shares[order[i]] = split[i];
        }

        planNumber++;
        foreach (var (lane, instance) in instanceOf)
        {
            context.SendEvent(instance, LanePlan.EventName, PlanOf(lane));
        }
    }

    LanePlan PlanOf(int lane) => new(shares[lane], planNumber, stop is not null, run.FailureLimit - failures);

    void ShowStatus(SealedBatch? whole = null) =>
        context.SetCustomStatus(new BatchRunStatus(run.Run, run.ControlVersion, tally, [.. instanceOf.Values], whole));
}
