using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Rollcall.Sqlite.Storage;

/// <summary>
/// The thread that owns the file. What is queued while it commits becomes the next group: one transaction, one flush to disk for all of it.
/// A write is reported as done after that flush only.
/// </summary>
sealed class Database : IDisposable
{
    const int LargestGroup = 2_000;

    readonly DatabaseFile file;
    readonly ITransactionObserver observer;
    readonly ILogger logger;
    readonly Thread thread;
    readonly object gate = new();
    readonly TaskCompletionSource<SqliteStorageException> fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    List<Operation> queued = [];
    volatile SqliteStorageException? failure;
    bool isClosing;

    public Database(DatabaseFile file, ITransactionObserver observer, ILogger logger)
    {
        this.file = file;
        this.observer = observer;
        this.logger = logger;
        thread = new Thread(Run) { IsBackground = true, Name = "Rollcall.Sqlite" };
    }

    /// <summary>Ends when the storage has failed for good. Until then it does not end.</summary>
    public Task<SqliteStorageException> Fault => fault.Task;

    /// <summary>Why the storage has failed, if it has.</summary>
    public SqliteStorageException? Failure => failure;

    public void Start() => thread.Start();

    public Task<T> Write<T>(Func<T> execute) => Enqueue(new Operation<T>(execute) { IsRead = false });

    /// <summary>Reads what is committed, never what a group has in hand.</summary>
    public Task<T> Read<T>(Func<T> execute) => Enqueue(new Operation<T>(execute) { IsRead = true });

    /// <summary>Does what is queued, then closes the file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosing)
                return;
            isClosing = true;
            Monitor.Pulse(gate);
        }

        if (thread.ThreadState.HasFlag(ThreadState.Unstarted))
            file.Dispose();
        else
            thread.Join();
    }

    Task<T> Enqueue<T>(Operation<T> operation)
    {
        lock (gate)
        {
            if (failure is not null)
                return Task.FromException<T>(failure);
            ObjectDisposedException.ThrowIf(isClosing, typeof(SqliteOrchestrationService));
            queued.Add(operation);
            if (queued.Count == 1)
                Monitor.Pulse(gate);
        }

        return operation.Task;
    }

    void Run()
    {
        var taken = new List<Operation>();
        while (Take(ref taken))
        {
            for (var start = 0; start < taken.Count; start += LargestGroup)
                RunGroup(taken.Count <= LargestGroup ? taken : taken.GetRange(start, Math.Min(LargestGroup, taken.Count - start)));
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
                    return false;
                Monitor.Wait(gate);
            }

            (taken, queued) = (queued, taken);
            return true;
        }
    }

    void RunGroup(List<Operation> group)
    {
        if (failure is not null)
        {
            FailAll(group, failure);
            return;
        }

        var writes = group.FindAll(operation => !operation.IsRead);
        if (writes.Count > 0 && !TryCommit(writes))
        {
            foreach (var write in writes)
                CommitAlone(write);
        }

        foreach (var operation in group)
        {
            if (operation.IsRead)
                Read(operation);
        }
    }

    bool TryCommit(List<Operation> writes)
    {
        try
        {
            file.Begin();
            foreach (var write in writes)
                write.Execute();
            file.Commit();
        }
        catch (Exception error) when (IsOfOperation(error))
        {
            Undo(error);
            return false;
        }

        Report(writes);
        return true;
    }

    void CommitAlone(Operation write)
    {
        try
        {
            ThrowIfFaulted();
            file.Begin();
            write.Execute();
            file.Commit();
        }
        catch (Exception error) when (IsOfOperation(error))
        {
            Undo(error);
            write.Fail(failure ?? error);
            return;
        }

        Report([write]);
    }

    void Report(List<Operation> writes)
    {
        observer.Committed();
        foreach (var write in writes)
            write.Complete();
    }

    void Read(Operation operation)
    {
        try
        {
            ThrowIfFaulted();
            operation.Execute();
        }
        catch (Exception error) when (IsOfOperation(error))
        {
            Undo(error);
            operation.Fail(failure ?? error);
            return;
        }

        operation.Complete();
    }

    // Everything that an operation throws goes to the caller who awaits it.
    static bool IsOfOperation(Exception error) => error is not OutOfMemoryException;

    void ThrowIfFaulted()
    {
        if (failure is not null)
            throw failure;
    }

    /// <summary>Leaves the file as it was before, or declares the storage failed.</summary>
    void Undo(Exception error)
    {
        try
        {
            file.Rollback();
        }
        catch (SqliteException rollbackError)
        {
            SetFault(StorageErrors.Explain(rollbackError, file.Path));
        }

        observer.RolledBack();
        if (error is SqliteException sqliteError && !StorageErrors.IsOfOneStatement(sqliteError))
            SetFault(StorageErrors.Explain(sqliteError, file.Path));
        else if (error is InvalidDataException damage)
            SetFault(StorageErrors.Corrupt(file.Path, damage));
    }

    void SetFault(SqliteStorageException error)
    {
        lock (gate)
        {
            if (failure is not null)
                return;
            failure = error;
        }

        fault.SetResult(error);

        Log.StorageFailed(logger, error);
        observer.Failed(error);
    }

    static void FailAll(List<Operation> group, Exception error)
    {
        foreach (var operation in group)
            operation.Fail(error);
    }

    void Close()
    {
        try
        {
            file.Dispose();
        }
        catch (SqliteException error)
        {
            SetFault(StorageErrors.Explain(error, file.Path));
        }
    }
}
