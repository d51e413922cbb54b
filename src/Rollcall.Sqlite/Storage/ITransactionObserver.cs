namespace Rollcall.Sqlite.Storage;

/// <summary>Hears on the database's thread what became of a group's changes.</summary>
interface ITransactionObserver
{
    /// <summary>The changes are on disk: now they may be handed out.</summary>
    void Committed();

    /// <summary>The changes never happened.</summary>
    void RolledBack();

    /// <summary>The storage failed for good.</summary>
    void Failed(SqliteStorageException error);
}
