namespace Rollcall.Sqlite.Storage;

/// <summary>An operation for the database's thread. The caller awaits its task.</summary>
abstract class Operation
{
    public required bool IsRead { get; init; }

    /// <summary>Runs the statements. If the group fails, they run a second time, after a rollback.</summary>
    public abstract void Execute();

    /// <summary>Reports what <see cref="Execute"/> returned. For a write this comes after the commit.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);
}
