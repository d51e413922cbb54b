namespace Rollcall.Sqlite.Storage;

/// <summary>Is notified, on the database's thread, of the outcome of a group's changes.</summary>
interface ITransactionObserver
{
    /// <summary>The changes are on disk and may be published.</summary>
    void Committed();

    /// <summary>The changes were rolled back.</summary>
    void RolledBack();

    /// <summary>The storage has failed permanently.</summary>
    void Failed(SqliteStorageException exception);
}
