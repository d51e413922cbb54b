namespace Rollcall.Orchestration;

/// <summary>Limits an orchestrator's concurrent work: the next piece begins as one ends, so that no lane is ever idle.</summary>
/// <param name="first">The first number of the range to work through.</param>
/// <param name="end">The number after the last one.</param>
/// <param name="work">Does the work for a number, in a lane counted from 0.</param>
sealed class Lanes(int first, int end, Func<int, int, Task> work)
{
    readonly HashSet<int> busy = [];
    readonly List<Task> running = [];
    readonly TaskCompletionSource ended = new();
    int next = first;
    int atOnce;

    /// <summary>The number of pieces of work under way.</summary>
    public int Busy => busy.Count;

    /// <summary>The number of pieces of work that have not begun.</summary>
    public int Left => end - next;

    /// <summary>Does the work for each number of the range, in ascending order.</summary>
    /// <param name="lanes">The maximum number under way at once.</param>
    /// <returns>A task that completes when all have ended, whether or not some failed.</returns>
    public async Task RunAsync(int lanes)
    {
        Resize(lanes);
        if (next < end || busy.Count > 0)
        {
            await ended.Task;
        }

        await Task.WhenAll(running);
    }

    /// <summary>Changes the maximum number under way at once. Lanes beyond it end after their current work.</summary>
    /// <param name="lanes">The maximum; 0 for none until the next change.</param>
    public void Resize(int lanes)
    {
        atOnce = lanes;
        for (int lane = 0; lane < atOnce && next < end; lane++)
        {
            if (busy.Add(lane))
            {
                running.Add(RunLaneAsync(lane));
            }
        }
    }

    async Task RunLaneAsync(int lane)
    {
        try
        {
            while (lane < atOnce && next < end)
            {
                await work(next++, lane);
            }
        }
        finally
        {
            busy.Remove(lane);
            if (busy.Count == 0 && (next >= end || lane < atOnce))
            {
                ended.TrySetResult();
            }
        }
    }
}
