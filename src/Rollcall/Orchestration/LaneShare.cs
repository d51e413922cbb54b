namespace Rollcall.Orchestration;

/// <summary>Distributes a batch's item lanes among its live shards.</summary>
static class LaneShare
{
    /// <summary>
    /// Distributes lanes. No shard loses a lane, because it may be in use. Earlier shards get somewhat more, so that shards of the same
    /// size that begin together do not end together: while one is written and the next one begins, another sends.
    /// </summary>
    /// <param name="lanes">The number of lanes.</param>
    /// <param name="kept">How many each shard has. If all lanes are taken, these stay as they are.</param>
    /// <param name="most">How many each shard can use.</param>
    /// <returns>How many each shard gets. If there are more shards than lanes, the last ones may get none.</returns>
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
