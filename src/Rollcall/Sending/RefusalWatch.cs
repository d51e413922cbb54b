namespace Rollcall.Sending;

/// <summary>
/// Tells credentials that a target refuses from an item that it refuses. While all that the target responds to a batch is 401 or 403, such
/// a response is no outcome yet: it waits for the next one of the batch. At the twentieth in a row it is the credentials, and the items
/// that wait are sent again later; with any other response, or when no further one is on its way, it is the item's own outcome.
/// </summary>
sealed class RefusalWatch(TimeProvider time)
{
    /// <summary>How many refusals in a row are needed.</summary>
    public const int Most = 20;

    // The other responses may be a long time coming.
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly List<TaskCompletionSource<bool>> waiting = [];
    int inFlight;
    int inARow;

    /// <summary>Records that a request is sent.</summary>
    public void Begin()
    {
        lock (gate)
        {
            inFlight++;
        }
    }

    /// <summary>Records that it has ended, and waits until it is known what a refusal means.</summary>
    /// <param name="status">The status of the response; null if there was none.</param>
    /// <returns>Whether the response says that the credentials are refused, and nothing of the item.</returns>
    public ValueTask<bool> EndAsync(int? status)
    {
        TaskCompletionSource<bool> mine;
        lock (gate)
        {
            inFlight--;
            if (status is not (401 or 403))
            {
                inARow = status is null ? inARow : 0;
                if (status is not null || inFlight == 0)
                {
                    Decide(areCredentials: false);
                }

                return new(result: false);
            }

            inARow++;
            if (inARow >= Most || inFlight == 0)
            {
                Decide(inARow >= Most);
                return new(inARow >= Most);
            }

            mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(mine);
        }

        return new(WaitAsync(mine));
    }

    async Task<bool> WaitAsync(TaskCompletionSource<bool> mine)
    {
        await Task.WhenAny(mine.Task, Task.Delay(LongestWait, time));
        lock (gate)
        {
            waiting.Remove(mine);
        }

        return mine.Task.IsCompleted && await mine.Task;
    }

    // Under the lock.
    void Decide(bool areCredentials)
    {
        foreach (var one in waiting)
        {
            one.SetResult(areCredentials);
        }

        waiting.Clear();
    }
}
