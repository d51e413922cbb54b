namespace Rollcall.Sqlite;

/// <summary>Counts work items that workers have not returned yet.</summary>
sealed class InFlight
{
    readonly Lock gate = new();
    TaskCompletionSource? none;
    int count;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return count;
            }
        }
    }

    public void Enter()
    {
        lock (gate)
        {
            count++;
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            count--;
            if (count > 0)
            {
                return;
            }

            none?.TrySetResult();
            none = null;
        }
    }

    /// <summary>Ends when every work item is returned. None may be given out in the meantime.</summary>
    public Task WhenNone()
    {
        lock (gate)
        {
            if (count == 0)
            {
                return Task.CompletedTask;
            }

            none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return none.Task;
        }
    }
}
