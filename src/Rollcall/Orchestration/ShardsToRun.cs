using Microsoft.DurableTask;
using Rollcall.Progress;

namespace Rollcall.Orchestration;

/// <summary>The shards of a generation that have something left to send.</summary>
/// <param name="Shards">The shards, in order.</param>
/// <param name="Written">The outcomes in the other shards; null if these were not looked for.</param>
/// <param name="ItemsLeft">For a redrive, how many items each shard has to send; null if they have all of their items to send.</param>
sealed record ShardsToRun(int[] Shards, BatchTally? Written, IReadOnlyDictionary<int, int>? ItemsLeft)
{
    // An activity that goes through them must finish within the host's time limit, however slow the store.
    const int ShardsPerActivity = 250;

    /// <summary>
    /// Finds the shards from the first of a generation to its end. The first run of a batch has nothing to find, so it runs no activity.
    /// </summary>
    public static async Task<ShardsToRun> FindAsync(TaskOrchestrationContext context, BatchPlan plan, int end)
    {
        var all = Enumerable.Range(plan.NextShard, end - plan.NextShard);
        if (plan.Repair is null)
        {
            return new ShardsToRun([.. all], Written: null, ItemsLeft: null);
        }

        var found = new HashSet<int>();
        var tally = new BatchTally();
        Dictionary<int, int>? left = plan.Run == 1 ? null : [];
        foreach (var (first, next) in ByActivity(plan.NextShard, end))
        {
            var range = new ShardRange(plan.BatchId, plan.Run, first, next);
            var written = await context.CallStepAsync<WrittenShards>(nameof(FindWritten), range);
            found.UnionWith(written.Shards);
            tally.Add(written.Tally);
            foreach (var (shard, items) in written.ItemsLeft ?? new Dictionary<int, int>())
            {
                left![shard] = items;
            }
        }

        return new ShardsToRun([.. all.Except(found)], tally, left);
    }

    /// <summary>Divides shards into ranges that one activity goes through at a time.</summary>
    public static IEnumerable<(int First, int Next)> ByActivity(int start, int end)
    {
        for (int first = start; first < end; first += ShardsPerActivity)
        {
            yield return (first, Math.Min(end, first + ShardsPerActivity));
        }
    }
}
