namespace Rollcall.Orchestration;

/// <summary>Bounds how much an orchestrator has under way: a next one begins as one ends, so that a slot is never idle.</summary>
static class Lanes
{
    /// <summary>Does a piece of work for each number of a range, in order of the numbers, and ends when all have ended.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The number after the last one.</param>
    /// <param name="atOnce">How many are under way at the most.</param>
    /// <param name="work">Does the work for a number, in a lane from 0 up to <paramref name="atOnce"/>.</param>
    public static Task RunAsync(int start, int end, int atOnce, Func<int, int, Task> work)
    {
        int next = start;

        async Task RunLaneAsync(int lane)
        {
            while (next < end)
            {
                await work(next++, lane);
            }
        }

        return Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, end - start)).Select(RunLaneAsync));
    }
}
