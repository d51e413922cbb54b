using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rollcall.Sqlite.Storage;

/// <summary>Turns SQLite's result codes into exceptions that say what to do.</summary>
static class StorageErrors
{
    /// <summary>Only a statement was refused; the file and the connection are not affected.</summary>
    public static bool IsOfOneStatement(SqliteException exception) =>
        exception.SqliteErrorCode is raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH
            or raw.SQLITE_RANGE;

    public static SqliteStorageException Explain(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
            SqliteStorageReason.AlreadyOpen,
            path,
            $"The database '{path}' is open in another process. Only one can use it at a time: stop the other one, or use another file.",
            exception),
        raw.SQLITE_NOTADB => NotADatabase(path, "it is not a SQLite database", exception),
        raw.SQLITE_CORRUPT => Corrupt(path, exception),
        raw.SQLITE_FULL => new(
            SqliteStorageReason.DiskFull,
            path,
            $"The disk of the database '{path}' is full. Nothing that was recorded is lost: free some space and start again.",
            exception),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new(
            SqliteStorageReason.ReadOnly,
            path,
            $"The database '{path}' cannot be written ({exception.Message}). Give this user write access to the file and to its folder.",
            exception),
        raw.SQLITE_CANTOPEN => new(
            SqliteStorageReason.CannotOpen,
            path,
            $"The database '{path}' cannot be opened or created. Check that its folder exists and can be written, and that it is a file.",
            exception),
        _ => new(
            SqliteStorageReason.IO,
            path,
            $"The database '{path}' cannot be read or written ({exception.Message}). Check the disk, then start again.",
            exception),
    };

    public static SqliteStorageException NotADatabase(string path, string why, Exception? cause = null) => new(
        SqliteStorageReason.NotADatabase,
        path,
        $"The file '{path}' cannot be used: {why}. Use another file, or move this one away.",
        cause);

    public static SqliteStorageException Corrupt(string path, Exception cause) => new(
        SqliteStorageReason.Corrupt,
        path,
        $"The database '{path}' is damaged ({cause.Message}). Restore it from a copy, or move it away to start with an empty one.",
        cause);

    public static SqliteStorageException SchemaVersion(string path, long found, long expected) => new(
        SqliteStorageReason.SchemaVersion,
        path,
        $"The database '{path}' has schema version {found}, but this program reads version {expected}. "
            + "Finish the work with the version of the program that wrote it, or use another file.");
}
