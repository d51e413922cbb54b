using DurableTask.Core;
using Rollcall.Sqlite.Storage;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite.Instances;

/// <summary>Removes instances that have ended.</summary>
sealed class InstancePurge(Database database, AllTables tables, TimeProvider time)
{
    // Few enough that other work, which waits in the meantime, does not wait long.
    const int MostAtOnce = 100;

    public async Task<PurgeResult> PurgeAsync(string instanceId) =>
        new(await database.Write(() => Purge(instanceId) ? 1 : 0), isComplete: true);

    /// <summary>Removes the instances that match the filter. Instances that are running are never removed.</summary>
    public async Task<PurgeResult> PurgeAsync(InstanceFilter filter, TimeSpan? timeout)
    {
        long started = time.GetTimestamp();
        var ended = filter with
        {
            Statuses = filter.Statuses is { Count: > 0 } asked ? [.. asked.Intersect(InstanceStatus.Final)] : InstanceStatus.Final,
        };
        if (ended.Statuses.Count == 0)
        {
            return new PurgeResult(0, isComplete: true);
        }

        int purged = 0;
        while (true)
        {
            int found = await database.Write(() =>
            {
                var ids = tables.Queries.Ids(ended, MostAtOnce);
                return ids.Count(Purge);
            });
            purged += found;
            if (found < MostAtOnce)
            {
                return new PurgeResult(purged, isComplete: true);
            }

            if (time.GetElapsedTime(started) > timeout)
            {
                return new PurgeResult(purged, isComplete: false);
            }
        }
    }

    bool Purge(string instanceId)
    {
        if (tables.Instances.Find(instanceId) is not { HasEnded: true } row)
        {
            return false;
        }

        tables.Remove(row);
        return true;
    }
}
