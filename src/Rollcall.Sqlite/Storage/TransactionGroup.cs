using Microsoft.Data.Sqlite;

namespace Rollcall.Sqlite.Storage;

/// <summary>Runs a group of operations: the writes in one transaction, then the reads. Used only on the database's thread.</summary>
sealed class TransactionGroup(DatabaseFile file, ITransactionObserver observer)
{
    /// <summary>
    /// Runs a group and reports to each operation's caller. Returns the error if the storage has failed permanently; the caller must then
    /// fail the operations without a report.
    /// </summary>
    public SqliteStorageException? Run(List<Operation> group)
    {
        var writes = group.FindAll(operation => !operation.IsRead);
        if (writes.Count > 0 && TryCommit(writes) is { } error && (Fatal(error) ?? CommitOneByOne(writes)) is { } commitFailure)
            return commitFailure;
        foreach (var operation in group)
        {
            if (operation.IsRead && TryRead(operation) is { } readFailure)
                return readFailure;
        }

        return null;
    }

    // One operation fails. Each of the others commits on its own.
    SqliteStorageException? CommitOneByOne(List<Operation> writes)
    {
        foreach (var write in writes)
        {
            if (TryCommit([write]) is not { } error)
                continue;
            if (Fatal(error) is { } failure)
                return failure;
            write.Fail(error);
        }

        return null;
    }

    Exception? TryCommit(List<Operation> writes)
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
            return Undo(error);
        }

        observer.Committed();
        foreach (var write in writes)
            write.Complete();
        return null;
    }

    SqliteStorageException? TryRead(Operation operation)
    {
        try
        {
            operation.Execute();
        }
        catch (Exception error) when (IsOfOperation(error))
        {
            if (Fatal(error) is { } failure)
                return failure;
            operation.Fail(error);
            return null;
        }

        operation.Complete();
        return null;
    }

    /// <summary>Rolls back the transaction. Returns why it failed, or why it could not be rolled back.</summary>
    Exception Undo(Exception error)
    {
        observer.RolledBack();
        try
        {
            file.Rollback();
        }
        catch (SqliteException rollbackError)
        {
            return StorageErrors.Explain(rollbackError, file.Path);
        }

        return error;
    }

    /// <summary>What the error means for the storage, or null if it concerns only the operation.</summary>
    SqliteStorageException? Fatal(Exception error) => error switch
    {
        SqliteException sqlite => StorageErrors.IsOfOneStatement(sqlite) ? null : StorageErrors.Explain(sqlite, file.Path),
        InvalidDataException => StorageErrors.Corrupt(file.Path, error),
        SqliteStorageException storage => storage,
        _ => null,
    };

    // Everything that an operation throws goes to the caller that awaits it.
    static bool IsOfOperation(Exception error) => error is not OutOfMemoryException;
}
