using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>
/// Checks what a target saw against "sent at least once, and again only for a reason". The definition:
/// <list type="number">
/// <item>Every item was sent at least once, with one key and its own payload, and its last act was carried out to the end.</item>
/// <item>A request after one whose act was a passing failure is a retry. An item has at most <see cref="PlannedItem.MostRequests"/>
/// requests, and as many more for each time that a kill can have made it begin anew.</item>
/// <item>Every other request after the first needs a kill that ended after the request before arrived and began before it arrived itself:
/// the item was in flight, or its outcome not yet recorded. A kill explains one such request of an item. The kill of a host or of the
/// storage account explains further ones, up to <see cref="CrashKill.MostResends"/>, and at any time after it: what a lost turn had put
/// into the queue is run when it is visible again, also of an item that was sent for the first time after the kill.</item>
/// <item>All of these together are at most what can be in flight at the kills.</item>
/// </list>
/// </summary>
/// <param name="items">The items.</param>
/// <param name="kills">The kills.</param>
/// <param name="atOnce">How many items are at most in flight at once.</param>
sealed class SendCheck(IReadOnlyList<PlannedItem> items, IReadOnlyList<CrashKill> kills, int atOnce)
{
    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> FindFaults(SendLog log)
    {
        foreach (string fault in log.Faults)
        {
            yield return fault;
        }

        int explained = 0;
        foreach (var (item, sent) in items.Zip(log.Requests))
        {
            if (sent.Count == 0)
            {
                yield return $"Item {item.Number} was never sent.";
                continue;
            }

            if (!sent.Any(request => request.Act == item.Acts[^1] && request.HasResponse))
            {
                yield return $"Item {item.Number} was never answered to the end ({Describe(sent)}).";
            }

            int mostBeginnings = 1 + kills.Where(kill => kill.From <= sent[^1].Arrived).Sum(
                kill => kill.MostResends - (kill.To < sent[0].Arrived ? 1 : 0));
            int most = item.MostRequests * mostBeginnings;
            if (sent.Count > most)
            {
                yield return $"Item {item.Number} was sent {sent.Count} times, where retries and kills explain {most}.";
            }

            var (byKills, unexplained) = Explain(sent);
            explained += byKills;
            if (unexplained > 0)
            {
                yield return $"Item {item.Number} was sent {sent.Count} times ({Describe(sent)}): {unexplained} of them without a "
                    + "failure that passes "
                    + "or a kill before. Kills: "
                        + $"{string.Join(", ", kills.Select(k => $"{k.Victim} {Seconds(k.From):F2} to {Seconds(k.To):F2} s"))}.";
            }
        }

        int mostExplained = kills.Sum(kill => kill.MostResends) * atOnce;
        if (explained > mostExplained)
        {
            yield return $"{explained} requests were sent again because of kills, but {kills.Count} kills with {atOnce} items at once "
                + $"explain {mostExplained}.";
        }
    }

    (int ByKills, int Unexplained) Explain(IReadOnlyList<SentRequest> sent)
    {
        bool[] isUsed = new bool[kills.Count];
        int[] later = [.. kills.Select(kill => kill.MostResends - 1)];
        int byKills = 0;
        int unexplained = 0;
        for (int i = 1; i < sent.Count; i++)
        {
            var (before, after) = (sent[i - 1], sent[i]);
            if (PlannedItem.IsPassing(before.Act))
            {
                continue;
            }

            if (FindKill(kill => !isUsed[kill] && kills[kill].To >= before.Arrived && kills[kill].From <= after.Arrived) is { } reason)
            {
                isUsed[reason] = true;
                byKills++;
            }
            else if (FindKill(kill => later[kill] > 0 && kills[kill].From <= after.Arrived) is { } earlier)
            {
                later[earlier]--;
                byKills++;
            }
            else
            {
                unexplained++;
            }
        }

        return (byKills, unexplained);
    }

    static string Describe(IReadOnlyList<SentRequest> sent) => string.Join(", ", sent.Select(s => $"{s.Act} at {Seconds(s.Arrived):F2} s"));

    static double Seconds(long timestamp) => Stopwatch.GetElapsedTime(0, timestamp).TotalSeconds;

    int? FindKill(Func<int, bool> isReason) => Enumerable.Range(0, kills.Count).Where(isReason).Select(kill => (int?)kill).FirstOrDefault();
}
