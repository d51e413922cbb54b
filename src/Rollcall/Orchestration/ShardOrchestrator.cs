using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Sending;

namespace Rollcall.Orchestration;

/// <summary>
/// Runs an activity per item, waits for all of them, and has their outcomes written in input order. Its custom status is the tally of the
/// outcomes so far.
/// </summary>
[DurableTask(nameof(ShardOrchestrator))]
public sealed class ShardOrchestrator : TaskOrchestrator<ShardPlan, ShardResult>
{
    /// <inheritdoc/>
    public override Task<ShardResult> RunAsync(TaskOrchestrationContext context, ShardPlan input) =>
        new ShardFanOut(context, input).RunAsync();
}

/// <summary>One run of a shard's orchestrator.</summary>
sealed class ShardFanOut(TaskOrchestrationContext context, ShardPlan shard)
{
    // If the storage loses a response each time it is written, it will not keep the next one either.
    const int MostRounds = 3;

    // A shard returns lanes when one in this many is enough for it. Not earlier, because each message costs as much as sending an item.
    const int LanesToOne = 2;

    const string Unkept =
        "The item had a response, and each time the stored response was lost or damaged before it was recorded. Check the storage.";

    readonly BatchTally tally = new();
    readonly WakeSignal retimed = new();
    readonly WakeSignal stopped = new();
    readonly PauseGate pause = new(context);
    LanePlan plan = shard.Lanes;
    Lanes? lanes;
    BatchStop? stop;
    int use = int.MaxValue;
    long failures;
    bool isOver;

    public async Task<ShardResult> RunAsync()
    {
        var listening = context.ListenAsync<LanePlan>(LanePlan.EventName, Take, () => isOver);
        var selected = shard.Run == 1
            ? null
            : await context.CallStepAsync<IReadOnlyList<long>>(
                nameof(SelectItems),
                new ShardAddress(shard.BatchId, shard.Run, shard.Shard));
        long[] indexes = [.. selected ?? Enumerable.Range(0, shard.Items).Select(item => shard.FirstIndex + item)];
        var outcomes = new ItemOutcome?[indexes.Length];
        int[] places = [.. Enumerable.Range(0, indexes.Length)];
        for (int round = 0; ; round++)
        {
            await SendAsync(places, listening, async place => outcomes[place] = await PostAsync(indexes[place], isAgain: round > 0));
            var written = await context.CallStepAsync<WrittenShard>(
                nameof(WriteShard),
                new ShardOutcomes(shard.BatchId, shard.Run, shard.Shard, [.. outcomes.OfType<ItemOutcome>()]));
            if (written.Tally is { } whole)
            {
                whole.Recent = tally.Recent;
                whole.Sent = tally.Sent;
                isOver = true;
                return new ShardResult(shard.Shard, whole, failures, stop);
            }

            // A response that is not stored as it was received is not recorded, so its item is sent again.
            places = [.. written.Lost.Select(index => Array.IndexOf(indexes, index))];
            if (round >= MostRounds)
            {
                foreach (int place in places)
                {
                    outcomes[place] = outcomes[place]! with
                    {
                        Status = OutcomeStatus.Failed,
                        Body = null,
                        Error = ItemError.Of(ItemErrorCode.Platform, Unkept),
                    };
                }

                places = [];
            }
        }
    }

    async Task SendAsync(int[] places, Task listening, Func<int, Task> send)
    {
        lanes = new Lanes(0, places.Length, async (i, _) =>
        {
            await send(places[i]);
            LeaveSpare(ended: 1);
        });
        var running = lanes.RunAsync(Math.Min(plan.Lanes, use));
        LeaveSpare(ended: 0);
        await await Task.WhenAny(running, listening);
    }

    // If a batch's shards have a lane for each of their items, none of them needs more.
    void LeaveSpare(int ended)
    {
        int busy = lanes!.Busy - ended;
        if (plan.Lanes < shard.Items && lanes.Left == 0 && busy > 0 && busy <= Math.Min(plan.Lanes, use) / LanesToOne)
        {
            use = busy;
            context.SendEvent(shard.BatchId, SpareLanes.EventName, new SpareLanes(context.InstanceId, use));
        }
    }

    void Take(LanePlan next)
    {
        if (next.Number <= plan.Number)
        {
            return;
        }

        bool isOtherRate = !Nullable.Equals(next.RatePerSecond, plan.RatePerSecond);
        plan = next;
        lanes?.Resize(Math.Min(plan.Lanes, use));
        pause.Wake();
        if (isOtherRate || plan.IsStopped)
        {
            retimed.Set();
        }

        if (plan.IsStopped)
        {
            stopped.Set();
        }
    }

    // Null if the item keeps the outcome of an earlier run.
    async Task<ItemOutcome?> PostAsync(long index, bool isAgain)
    {
        if (stop is not null && shard.Run > 1)
        {
            return null;
        }

        var outcome = stop is null ? await SendAsync(index) : stop.OutcomeOf(index, []);
        if (shard.Run > 1 && outcome.Attempts == 0 && outcome.Status != OutcomeStatus.Failed)
        {
            return null;
        }

        if (isAgain)
        {
            // Already counted.
            return outcome;
        }

        tally.Add(outcome);
        if (outcome.Attempts > 0)
        {
            tally.Sent++;
            tally.Recent.Add(context.CurrentUtcDateTime, 1);
        }

        context.SetCustomStatus(tally);
        if (outcome.Status == OutcomeStatus.Failed && ++failures > plan.FailuresLeft && stop is null)
        {
            stop = await context.CallStepAsync<BatchStop>(nameof(StopBatch), shard.BatchId);
        }

        return outcome;
    }

    async Task<ItemOutcome> SendAsync(long index)
    {
        SendResult? last = null;
        while (true)
        {
            await pause.WaitAsync(index);
            var input = new PostItemInput(shard.BatchId, shard.Shard, index, last?.Outcome.AttemptHistory);
            SendResult result;
            try
            {
                result = await context.CallStepAsync<SendResult>(nameof(PostItem), input, sent => sent.Outcome.Index == index);
            }
            catch (TaskFailedException exception)
            {
                pause.Open(index);

                // The item keeps its place with an outcome that says what happened: a shard never ends with fewer outcomes than items.
                return ItemOutcome.PlatformFailure(index, last?.Outcome.AttemptHistory ?? [], exception.FailureDetails.ErrorMessage);
            }

            stop ??= result.Stop;
            if (result.RetryAfter is not { } wait)
            {
                pause.Open(index);

                // The outcome with the last response says more than one made from the attempts alone.
                return result.Stop is not null && last?.Outcome is { Error: not null } known && known.Attempts >= result.Outcome.Attempts
                    ? known
                    : result.Outcome;
            }

            // A wait for only the target or the rate brings nothing new, and has no response.
            bool wasSent = AttemptsOf(result) > AttemptsOf(last);
            last = wasSent ? result : last;
            if (result.IsPaused)
            {
                await pause.CloseAsync(index, wait);
                continue;
            }

            pause.Open(index);
            await WaitAsync(wait, wasSent);
        }
    }

    // A new rate may shorten a wait for a turn, but not the wait after a failed attempt. New lanes do not: if all items asked again, they
    // would get turns behind those that they had, and leave these unused.
    Task WaitAsync(TimeSpan wait, bool wasSent)
    {
        var end = wasSent ? stopped : retimed;
        return plan.IsStopped ? Task.CompletedTask : context.SleepAsync(wait, end);
    }

    static int AttemptsOf(SendResult? result) => result?.Outcome.Attempts ?? 0;
}

/// <summary>The output of <see cref="ShardOrchestrator"/>.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Tally">The outcomes of all of the shard's items.</param>
/// <param name="Failures">The number of items that this run sent and that failed.</param>
/// <param name="Stop">Why items were left unsent; null if none were.</param>
public sealed record ShardResult(
    [property: JsonRequired] int Shard, [property: JsonRequired] BatchTally Tally, long Failures, BatchStop? Stop = null);
