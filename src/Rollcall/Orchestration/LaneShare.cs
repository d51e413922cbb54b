namespace Rollcall.Orchestration;

/// <summary>How a batch's item lanes are shared out to the shards that are live.</summary>
static class LaneShare
{
    /// <summary>
    /// Deals lanes out. None that a shard has is taken from it: what it keeps may be in use. Earlier ones get somewhat more, so that shards
    /// of the same size that begin together do not end together: while one is written and the next one begins, another sends.
    /// </summary>
    /// <param name="lanes">How many there are.</param>
    /// <param name="kept">How many each shard has. Where these are as many as there are, or more, they stay as they are.</param>
    /// <param name="most">How many each shard has a use for.</param>
    /// <returns>How many each has then. Where there are more shards than lanes, the last ones may have none.</returns>
    public static int[] Deal(int lanes, IReadOnlyList<int> kept, IReadOnlyList<int> most)
    {
        int[] shares = [.. kept];
        var next = new PriorityQueue<int, (double Share, int Place)>();
        void Queue(int place)
        {
            if (shares[place] < most[place])
            {
                next.Enqueue(place, ((shares[place] + 1) / ((2.0 * shares.Length) - place), place));
            }
        }

        for (int place = 0; place < shares.Length; place++)
        {
            Queue(place);
        }

        for (int left = lanes - shares.Sum(); left > 0 && next.TryDequeue(out int place, out _); left--)
        {
            shares[place]++;
            Queue(place);
        }

        return shares;
    }
}
