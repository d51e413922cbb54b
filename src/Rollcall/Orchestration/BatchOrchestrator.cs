using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>
/// Runs a batch: a limited number of shards at once, the next one as soon as one ends, and the seal when all have ended. It ends only after
/// every shard has ended, so nothing can cancel an item early. Its custom status is a <see cref="BatchRunStatus"/>.
/// </summary>
[DurableTask(nameof(BatchOrchestrator))]
public sealed class BatchOrchestrator : TaskOrchestrator<BatchPlan, SealedBatch?>
{
    /// <summary>
    /// The number of shards per generation. A generation ends with continue-as-new, which keeps the history of a batch of ten million items
    /// as short as that of a batch of a hundred thousand.
    /// </summary>
    public const int ShardsPerGeneration = 1000;

    /// <summary>The name of the event that carries a new version of the batch's control.</summary>
    public const string ControlEvent = "control";

    /// <inheritdoc/>
    public override Task<SealedBatch?> RunAsync(TaskOrchestrationContext context, BatchPlan input) =>
        new BatchFanOut(context, input).RunAsync();
}

/// <summary>One generation of a batch's orchestrator.</summary>
sealed class BatchFanOut(TaskOrchestrationContext context, BatchPlan input)
{
    // If the storage loses results each time they are written, a person must look at it.
    const int MostRounds = 5;

    readonly BatchTally tally = new();
    readonly WakeSignal changed = new();
    readonly LiveShards live = new();
    BatchPlan plan = input;
    IReadOnlyDictionary<int, int>? itemsLeft;
    int planNumber;
    Lanes? lanes;
    BatchStop? stop = input.Stop;
    long failures = input.Failures;
    bool isOver;

    int ShardsAtOnce => itemsLeft is { Count: > 0 } left ? plan.SparseShardsAtOnce(left.Values.Average()) : plan.ShardsAtOnce;

    public async Task<SealedBatch?> RunAsync()
    {
        var running = RunGenerationAsync();
        var ofControl = context.ListenAsync<BatchControl>(BatchOrchestrator.ControlEvent, Take, () => isOver);
        var ofLanes = context.ListenAsync<SpareLanes>(SpareLanes.EventName, Take, () => isOver);
        await await Task.WhenAny(running, ofControl, ofLanes);
        return await running;
    }

    async Task<SealedBatch?> RunGenerationAsync()
    {
        tally.Add(plan.Tally ?? new BatchTally());
        ShowStatus();
        await WaitForStartAsync();
        int shards = plan.ShardCount();
        int end = Math.Min(shards, plan.NextShard + BatchOrchestrator.ShardsPerGeneration);
        await RunAllAsync(await FindShardsAsync(end), RunShardAsync);
        if (stop is not null && plan.Run == 1)
        {
            foreach (var (first, next) in ShardsToRun.ByActivity(plan.NextShard, end))
            {
                var unsent = new UnsentShards(plan.BatchId, first, next, stop);
                tally.Add(await context.CallStepAsync<BatchTally>(nameof(WriteUnsent), unsent));
            }
        }

        if (end < shards)
        {
            context.ContinueAsNew(plan with { NextShard = end, Tally = tally, Failures = failures, Stop = stop });
            return null;
        }

        var address = new BatchRunAddress(plan.BatchId, plan.Run);
        var whole = await SealAsync(address);
        ShowStatus(whole);
        if (plan.HasNotice)
        {
            await context.CallStepAsync<string>(nameof(StartNotice), address);
        }

        isOver = true;
        return whole;
    }

    // Shards whose results were lost or damaged on disk in the meantime are run again, a few times at most.
    async Task<SealedBatch> SealAsync(BatchRunAddress address)
    {
        for (int round = 1; ; round++)
        {
            var result = await context.CallStepAsync<SealResult>(nameof(SealBatch), address);
            if (result.Whole is { } whole)
            {
                return whole;
            }

            if (round > MostRounds)
            {
                throw new InvalidOperationException(
                    $"The batch cannot be sealed: its stored results were lost {round} times. {result.Lost[0].Reason}");
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

    // The shard's outcomes are counted already.
    async Task RunAgainAsync(int shard, int lane, int round)
    {
        if (stop is null)
        {
            stop = (await RunShardAsync(shard, lane, round)).Stop;
        }
        else if (plan.Run == 1)
        {
            await context.CallStepAsync<BatchTally>(nameof(WriteUnsent), new UnsentShards(plan.BatchId, shard, shard + 1, stop));
        }
    }

    // Events may come twice, and in another order than they were made in; the newest one counts.
    void Take(BatchControl control)
    {
        if (control.Version <= plan.ControlVersion || control.Run != plan.Run)
        {
            return;
        }

        int before = plan.ItemsAtOnce;
        plan = plan.With(control);
        stop ??= control.Stop;
        Deal(isAllNew: true, isFewer: plan.ItemsAtOnce < before);
        lanes?.Resize(ShardsAtOnce);
        ShowStatus();
        changed.Set();
    }

    void Take(SpareLanes spare)
    {
        if (live.Leave(spare))
        {
            Deal();
        }
    }

    async Task WaitForStartAsync()
    {
        while (stop is null && plan.StartAt is { } start && start.UtcDateTime - context.CurrentUtcDateTime is { Ticks: > 0 } wait)
        {
            await context.SleepAsync(wait, changed);
        }
    }

    async Task<int[]> FindShardsAsync(int end)
    {
        var found = await ShardsToRun.FindAsync(context, plan, end);
        if (found.Written is { } written)
        {
            tally.Add(written);
            failures += plan.Run == 1 ? written.Counts.Failed : 0;
            itemsLeft = found.ItemsLeft;
            ShowStatus();
        }

        return found.Shards;
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
        if (stop is null && failures > plan.FailureLimit)
        {
            stop = await context.CallStepAsync<BatchStop>(nameof(StopBatch), plan.BatchId);
        }

        ShowStatus();
    }

    async Task<ShardResult> RunShardAsync(int shard, int lane, int round)
    {
        try
        {
            // A shard whose result something else's was taken for may still be live under its id, so it is called again under another one.
            return await StepCalls.FindOwnAsync(
                nameof(ShardOrchestrator),
                calls => CallShardAsync(shard, lane, plan.InstanceIdOf(shard, round + (calls * (MostRounds + 1)))),
                result => result.Shard == shard);
        }
        finally
        {
            // Also if the shard failed: otherwise the others would wait for lanes that nobody uses.
            live.End(lane);
            if (lane >= ShardsAtOnce || lanes!.Left == 0)
            {
                Deal();
            }
        }
    }

    Task<ShardResult> CallShardAsync(int shard, int lane, string instance)
    {
        var began = plan.ShardOf(shard, new LanePlan(0));
        live.Begin(lane, instance, itemsLeft?.GetValueOrDefault(shard, began.Items) ?? began.Items);
        ShowStatus();
        var options = new SubOrchestrationOptions(instanceId: instance);
        return context.CallSubOrchestratorAsync<ShardResult>(nameof(ShardOrchestrator), began with { Lanes = PlanOf(lane) }, options);
    }

    /// <summary>Redistributes the lanes, and informs the live shards of what changed for them.</summary>
    void Deal(bool isAllNew = false, bool isFewer = false)
    {
        if (lanes is null)
        {
            return;
        }

        var more = live.Deal(plan, ShardsAtOnce, lanes.Left, isFewer);
        planNumber++;
        foreach (var (lane, instance) in isAllNew ? live.All : more)
        {
            context.SendEvent(instance, LanePlan.EventName, PlanOf(lane));
        }
    }

    LanePlan PlanOf(int lane) => new(live[lane], planNumber, stop is not null, plan.FailureLimit - failures, plan.RatePerSecond);

    void ShowStatus(SealedBatch? whole = null) =>
        context.SetCustomStatus(new BatchRunStatus(plan.Run, plan.ControlVersion, tally, [.. live.InstanceIds], whole));
}
