using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Rollcall.Sqlite.Storage;

/// <summary>
/// The thread that owns the file. Operations queued while it commits become the next group, with one transaction and one flush to disk. A
/// write is reported as done only after that flush.
/// </summary>
sealed class Database : IDisposable
{
    const int LargestGroup = 2_000;

    readonly DatabaseFile file;
    readonly ITransactionObserver observer;
    readonly ILogger logger;
    readonly TransactionGroup transaction;
    readonly Thread thread;
    readonly object gate = new(); // Not a Lock: the writer waits on it for a pulse.
    readonly TaskCompletionSource<SqliteStorageException> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile SqliteStorageException? failure;
    List<Operation> queued = [];
    bool isClosing;

    public Database(DatabaseFile file, ITransactionObserver observer, ILogger logger)
    {
        this.file = file;
        this.observer = observer;
        this.logger = logger;
        transaction = new TransactionGroup(file, observer);
        thread = new Thread(Run) { IsBackground = true, Name = "Rollcall.Sqlite" };
    }

    /// <summary>Ends when the storage has failed permanently; otherwise never.</summary>
    public Task<SqliteStorageException> Fault => fault.Task;

    /// <summary>Why the storage has failed, if it has.</summary>
    public SqliteStorageException? Failure => failure;

    public void Start() => thread.Start();

    public Task<T> Write<T>(Func<T> execute) => Enqueue(new Operation<T>(execute) { IsRead = false });

    /// <summary>Reads only committed data.</summary>
    public Task<T> Read<T>(Func<T> execute) => Enqueue(new Operation<T>(execute) { IsRead = true });

    /// <summary>Empties the log. Nothing reads in the meantime, so it is emptied completely.</summary>
    public Task EmptyLog() => Read(() =>
    {
        file.EmptyLog();
        return true;
    });

    /// <summary>Runs the queued operations, then closes the file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosing)
            {
                return;
            }

            isClosing = true;
            Monitor.Pulse(gate);
        }

        if (thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            file.Dispose();
        }
        else
        {
            thread.Join();
        }
    }

    Task<T> Enqueue<T>(Operation<T> operation)
    {
        lock (gate)
        {
            if (failure is not null)
            {
                return Task.FromException<T>(failure);
            }

            ObjectDisposedException.ThrowIf(isClosing, typeof(Database));
            queued.Add(operation);
            if (queued.Count == 1)
            {
                Monitor.Pulse(gate);
            }
        }

        return operation.Task;
    }

    void Run()
    {
        var taken = new List<Operation>();
        while (Take(ref taken))
        {
            for (int start = 0; start < taken.Count; start += LargestGroup)
            {
                Run(taken.Count <= LargestGroup ? taken : taken.GetRange(start, Math.Min(LargestGroup, taken.Count - start)));
            }

            taken.Clear();
        }

        Close();
    }

    bool Take(ref List<Operation> taken)
    {
        lock (gate)
        {
            while (queued.Count == 0)
            {
                if (isClosing)
                {
                    return false;
                }

                Monitor.Wait(gate);
            }

            (taken, queued) = (queued, taken);
            return true;
        }
    }

    void Run(List<Operation> group)
    {
        if (failure is null && transaction.Run(group) is { } exception)
        {
            SetFault(exception);
        }

        if (failure is null)
        {
            return;
        }

        foreach (var operation in group)
        {
            operation.Fail(failure);
        }
    }

    void SetFault(SqliteStorageException exception)
    {
        lock (gate)
        {
            failure = exception;
        }

        Log.StorageFailed(logger, exception);
        fault.SetResult(exception);
        observer.Failed(exception);
    }

    void Close()
    {
        try
        {
            file.Dispose();
        }
        catch (SqliteException exception)
        {
            if (failure is null)
            {
                SetFault(StorageErrors.Explain(exception, file.Path));
            }
        }
    }
}
