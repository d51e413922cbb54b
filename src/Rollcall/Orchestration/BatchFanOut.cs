using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>One generation of a batch's orchestrator.</summary>
sealed class BatchFanOut
{
    // Storage that loses results each time they are written needs a person.
    const int MostRounds = 5;

    // Of a redrive, whose shards may have an item each to send: each that is live costs its host an orchestration in memory.
    const int MostSparseShards = 8;

    // An activity that goes over them must end before its host ends it, however slow the store.
    const int ShardsPerActivity = 250;

    readonly TaskOrchestrationContext context;
    readonly BatchTally tally = new();
    readonly WakeSignal changed = new();
    readonly LiveShards live = new();
    BatchRun run;
    IReadOnlyDictionary<int, int>? itemsLeft;
    int planNumber;
    Lanes? lanes;
    BatchStop? stop;
    long failures;
    bool isOver;

    public BatchFanOut(TaskOrchestrationContext context, BatchRun input)
    {
        this.context = context;
        run = input;
        stop = input.Stop;
        failures = input.Failures;
        tally.Add(input.Tally ?? new BatchTally());
    }

    int ShardsAtOnce => itemsLeft is { Count: > 0 } left
        ? Math.Max(run.ShardsAtOnce, Math.Min(Math.Min(MostSparseShards, run.ItemsAtOnce), (int)Math.Ceiling(run.ItemsAtOnce / left.Values.Average())))
        : run.ShardsAtOnce;

    public Task<SealedBatch?> RunAsync() => Task.WhenAny(RunGenerationAsync(), ListenAsync(), ListenToShardsAsync()).Unwrap();

    async Task<SealedBatch?> RunGenerationAsync()
    {
        ShowStatus();
        await WaitForStartAsync();
        int shards = run.ShardCount();
        int end = Math.Min(shards, run.NextShard + BatchOrchestrator.ShardsPerGeneration);
        await RunAllAsync(await FindShardsAsync(end), RunShardAsync);
        if (stop is not null && run.Run == 1)
        {
            for (int next = run.NextShard; next < end; next += ShardsPerActivity)
            {
                var unsent = new UnsentShards(run.BatchId, next, Math.Min(end, next + ShardsPerActivity), stop);
                tally.Add(await context.CallActivityAsync<BatchTally>(nameof(WriteUnsent), unsent, PlatformRetry.Options));
            }
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
            await RunAllAsync(shards, (shard, lane) => RunAgainAsync(shard, lane, round));
        }
    }

    Task RunAllAsync(int[] shards, Func<int, int, Task> work)
    {
        lanes = new Lanes(0, shards.Length, (i, lane) => work(shards[i], lane));
        live.Clear();
        Deal();
        return lanes.RunAsync(ShardsAtOnce);
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
                int before = run.ItemsAtOnce;
                run = run.With(control);
                stop ??= control.Stop;
                Deal(isAllNew: true, isFewer: run.ItemsAtOnce < before);
                lanes?.Resize(ShardsAtOnce);
                ShowStatus();
                changed.Set();
            }
        }

        return null;
    }

    async Task<SealedBatch?> ListenToShardsAsync()
    {
        while (!isOver)
        {
            var spare = await context.WaitForExternalEvent<SpareLanes>(SpareLanes.EventName);

            if (live.Leave(spare))
            {
                Deal();
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
    async Task<int[]> FindShardsAsync(int end)
    {
        var all = Enumerable.Range(run.NextShard, end - run.NextShard);
        if (run.Repair is null)
        {
            return [.. all];
        }

        var found = new HashSet<int>();
        Dictionary<int, int>? left = run.Run == 1 ? null : [];
        for (int next = run.NextShard; next < end; next += ShardsPerActivity)
        {
            var range = new ShardRange(run.BatchId, run.Run, next, Math.Min(end, next + ShardsPerActivity));
            var written = await context.CallActivityAsync<WrittenShards>(nameof(FindWritten), range, PlatformRetry.Options);
            found.UnionWith(written.Shards);
            tally.Add(written.Tally);
            failures += run.Run == 1 ? written.Tally.Counts.Failed : 0;
            foreach (var (shard, items) in written.ItemsLeft ?? new Dictionary<int, int>())
            {
                left![shard] = items;
            }
        }

        itemsLeft = left;
        ShowStatus();
        return [.. all.Except(found)];
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
        string instance = run.InstanceIdOf(shard, round);
        var began = run.ShardRunOf(shard, new LanePlan(0));
        live.Begin(lane, instance, itemsLeft?.GetValueOrDefault(shard, began.Items) ?? began.Items);
        ShowStatus();
        try
        {
            var options = new SubOrchestrationOptions(instanceId: instance);
            return await context.CallSubOrchestratorAsync<ShardResult>(nameof(ShardOrchestrator), began with { Lanes = PlanOf(lane) }, options);
        }
        finally
        {
            // Also where the shard failed: the others would wait for lanes that nobody uses.
            live.End(lane);
            if (lane >= ShardsAtOnce || lanes!.Left == 0)
            {
                Deal();
            }
        }
    }

    /// <summary>Deals the items at once out again, and tells the shards that are live what is new to them.</summary>
    void Deal(bool isAllNew = false, bool isFewer = false)
    {
        if (lanes is null)
        {
            return;
        }

        var more = live.Deal(run, ShardsAtOnce, lanes.Left, isFewer);
        planNumber++;
        foreach (var (lane, instance) in isAllNew ? live.All : more)
        {
            context.SendEvent(instance, LanePlan.EventName, PlanOf(lane));
        }
    }

    LanePlan PlanOf(int lane) => new(live[lane], planNumber, stop is not null, run.FailureLimit - failures, run.RatePerSecond);

    void ShowStatus(SealedBatch? whole = null) =>
        context.SetCustomStatus(new BatchRunStatus(run.Run, run.ControlVersion, tally, [.. live.InstanceIds], whole));
}
