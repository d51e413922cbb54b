namespace Rollcall.Sqlite;

/// <summary>
/// A queue of work items, first in, first out. Callers wait while it is empty or paused. Items given out are counted as in flight.
/// </summary>
sealed class WorkLine<T>(InFlight inFlight)
    where T : class
{
    readonly Lock gate = new();
    readonly Queue<T> items = new();
    readonly LinkedList<TaskCompletionSource<T?>> waiting = new();
    bool isPaused;
    Exception? failure;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return items.Count;
            }
        }
    }

    public void Add(T item)
    {
        lock (gate)
        {
            if (isPaused || !TryHandOver(item))
            {
                items.Enqueue(item);
            }
        }
    }

    /// <summary>Takes the next item. Returns null if the token is cancelled or the queue is closed in the meantime.</summary>
    public Task<T?> TakeAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (failure is not null)
            {
                return Task.FromException<T?>(failure);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromResult<T?>(null);
            }

            if (!isPaused && items.TryDequeue(out var item))
            {
                inFlight.Enter();
                return Task.FromResult<T?>(item);
            }

            var wait = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.AddLast(wait);
            return WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>Gives out nothing until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        lock (gate)
        {
            isPaused = true;
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            isPaused = false;
            while (items.TryPeek(out var item) && TryHandOver(item))
            {
                items.Dequeue();
            }
        }
    }

    /// <summary>Ends the waits, with null.</summary>
    public void Release() => EndWaits(wait => wait.TrySetResult(null));

    /// <summary>Ends the waits, and all later ones, with an error.</summary>
    public void Fail(Exception exception)
    {
        lock (gate)
        {
            failure = exception;
        }

        EndWaits(wait => wait.TrySetException(exception));
    }

    void EndWaits(Action<TaskCompletionSource<T?>> end)
    {
        lock (gate)
        {
            foreach (var wait in waiting)
            {
                end(wait);
            }

            waiting.Clear();
        }
    }

    bool TryHandOver(T item)
    {
        while (waiting.First is { } first)
        {
            waiting.RemoveFirst();
            inFlight.Enter();
            if (first.Value.TrySetResult(item))
            {
                return true;
            }

            inFlight.Leave();
        }

        return false;
    }

    static async Task<T?> WaitAsync(TaskCompletionSource<T?> wait, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource<T?>)state!).TrySetResult(null), wait))
        {
            return await wait.Task;
        }
    }
}
