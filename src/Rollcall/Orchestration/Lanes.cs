namespace Rollcall.Orchestration;

/// <summary>Bounds how much an orchestrator has under way: a next one begins as one ends, so that a slot is never idle.</summary>
/// <param name="first">The first number of the range that there is work for.</param>
/// <param name="end">The number after the last one.</param>
/// <param name="work">Does the work for a number, in a lane from 0 on.</param>
sealed class Lanes(int first, int end, Func<int, int, Task> work)
{
    readonly HashSet<int> busy = [];
    readonly List<Task> running = [];
    readonly TaskCompletionSource ended = new();
    int next = first;
    int atOnce;

    /// <summary>How many are under way.</summary>
    public int Busy => busy.Count;

    /// <summary>For how many numbers the work is not begun.</summary>
    public int Left => end - next;

    /// <summary>Does the work for each number of the range, in order of the numbers.</summary>
    /// <param name="lanes">How many are under way at the most.</param>
    /// <returns>A task that ends when all have ended, whichever failed.</returns>
    public async Task RunAsync(int lanes)
    {
        Resize(lanes);
        if (next < end || busy.Count > 0)
        {
            await ended.Task;
        }

        await Task.WhenAll(running);
    }

    /// <summary>Changes how many are under way at the most. Those beyond it end with what they are at.</summary>
    /// <param name="lanes">How many; 0 for none until the next change.</param>
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
