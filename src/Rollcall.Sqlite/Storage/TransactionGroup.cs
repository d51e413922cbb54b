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
        if (writes.Count > 0 && TryCommit(writes) is { } exception && (Fatal(exception) ?? CommitOneByOne(writes)) is { } commitFailure)
        {
            return commitFailure;
        }

        foreach (var operation in group)
        {
            if (operation.IsRead && TryRead(operation) is { } readFailure)
            {
                return readFailure;
            }
        }

        return null;
    }

    // One operation fails. Each of the others commits on its own.
    SqliteStorageException? CommitOneByOne(List<Operation> writes)
    {
        foreach (var write in writes)
        {
            if (TryCommit([write]) is not { } exception)
            {
                continue;
            }

            if (Fatal(exception) is { } failure)
            {
                return failure;
            }

            write.Fail(exception);
        }

        return null;
    }

    Exception? TryCommit(List<Operation> writes)
    {
        try
        {
            file.Begin();
            foreach (var write in writes)
            {
                write.Execute();
            }

            file.Commit();
        }
        catch (Exception exception) when (IsOfOperation(exception))
        {
            return Undo(exception);
        }

        observer.Committed();
        foreach (var write in writes)
        {
            write.Complete();
        }

        return null;
    }

    SqliteStorageException? TryRead(Operation operation)
    {
        try
        {
            operation.Execute();
        }
        catch (Exception exception) when (IsOfOperation(exception))
        {
            if (Fatal(exception) is { } failure)
            {
                return failure;
            }

            operation.Fail(exception);
            return null;
        }

        operation.Complete();
        return null;
    }

    /// <summary>Rolls back the transaction. Returns why it failed, or why it could not be rolled back.</summary>
    Exception Undo(Exception exception)
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

        return exception;
    }

    /// <summary>What the error means for the storage, or null if it concerns only the operation.</summary>
    SqliteStorageException? Fatal(Exception exception) => exception switch
    {
        SqliteException sqlite => StorageErrors.IsOfOneStatement(sqlite) ? null : StorageErrors.Explain(sqlite, file.Path),
        InvalidDataException => StorageErrors.Corrupt(file.Path, exception),
        SqliteStorageException storage => storage,
        _ => null,
    };

    // Everything that an operation throws goes to the caller that awaits it.
    static bool IsOfOperation(Exception exception) => exception is not OutOfMemoryException;
}
