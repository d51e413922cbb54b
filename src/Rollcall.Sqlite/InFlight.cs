namespace Rollcall.Sqlite;

/// <summary>Counts what is handed out and not back yet.</summary>
sealed class InFlight
{
    readonly object gate = new();
    TaskCompletionSource? none;
    int count;

    public int Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    public void Enter()
    {
        lock (gate)
            count++;
    }

    public void Leave()
    {
        lock (gate)
        {
            count--;
            if (count > 0)
                return;
            none?.TrySetResult();
            none = null;
        }
    }

    /// <summary>Ends when everything is back. Nothing more may be handed out meanwhile.</summary>
    public Task WhenNone()
    {
        lock (gate)
        {
            if (count == 0)
                return Task.CompletedTask;
            none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return none.Task;
        }
    }
}
