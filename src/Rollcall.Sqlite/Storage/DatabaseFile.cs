using System.Globalization;
using Microsoft.Data.Sqlite;
using Rollcall.Sqlite.Encoding;
using SQLitePCL;

namespace Rollcall.Sqlite.Storage;

/// <summary>The only connection to the file, which it locks while it is open.</summary>
sealed class DatabaseFile : IDisposable
{
    // Long enough for a process that is just stopping, short enough to feel immediate.
    const int BusyMilliseconds = 500;
    const int CacheKibibytes = 32 * 1024;
    const int CheckpointPages = 4_000;
    const int LargestLogBytes = 64 * 1024 * 1024;

    readonly SqliteConnection connection;
    readonly List<Statement> statements = [];

    DatabaseFile(SqliteConnection connection, string path)
    {
        this.connection = connection;
        Path = path;
    }

    public string Path { get; }

    public static DatabaseFile Open(string path, int? maxPageCount)
    {
        string fullPath = System.IO.Path.GetFullPath(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = fullPath, Pooling = false }.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
            RowSum.AddTo(connection);
            Prepare(connection, fullPath, maxPageCount);
            return new DatabaseFile(connection, fullPath);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw exception.SqliteErrorCode == raw.SQLITE_ERROR
                ? StorageErrors.NotADatabase(fullPath, "SQLite does not know its format", exception)
                : StorageErrors.Explain(exception, fullPath);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        var statement = PrepareOnce(sql);
        statements.Add(statement);
        return statement;
    }

    /// <summary>Prepares a statement that the caller disposes of.</summary>
    public Statement PrepareOnce(string sql) => new(connection.Handle!, sql);

    public void Begin() => Run("BEGIN IMMEDIATE");

    public void Commit() => Run("COMMIT");

    /// <summary>Rolls back the open transaction. After some errors, SQLite has already done so.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Run("ROLLBACK");
        }
    }

    public void Run(string sql) => Run(connection, sql);

    /// <summary>Checks the whole file: its structure, and the checksums of each row.</summary>
    /// <exception cref="InvalidDataException">Something is damaged.</exception>
    public void RequireWhole()
    {
        // First of all, as a statement on a table that has another definition would be refused as if it were wrong.
        if (!HasOurTables(connection))
        {
            throw new InvalidDataException("its tables are not as they were made");
        }

        using var structure = PrepareOnce("PRAGMA integrity_check(1)");
        if (structure.ReadFirst(row => row.Text(0)) is { } fault and not "ok")
        {
            throw new InvalidDataException(fault);
        }

        foreach (string query in Schema.Sums)
        {
            using var rows = PrepareOnce(query);
            if (rows.Read(row => !row.IsNull(0) && row.Number(0) == row.Number(1)).Contains(false))
            {
                throw new InvalidDataException("a row is not as it was written");
            }
        }

        foreach (string query in Schema.Checked)
        {
            using var stored = PrepareOnce(query);
            _ = stored.Read(row => row.Bytes(0) is { } bytes && Checksum.Require(bytes).IsEmpty);
        }
    }

    /// <summary>Moves the log into the file and truncates it, so that no deleted data is left in it.</summary>
    public void EmptyLog() => Run("PRAGMA wal_checkpoint(TRUNCATE)");

    /// <summary>Moves the log into the file, so that the next process finds one plain file.</summary>
    public void Dispose()
    {
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    static void Prepare(SqliteConnection connection, string path, int? maxPageCount)
    {
        // Exclusive locking is set before the first read, so that the log's index stays in memory and no other process can open the file.
        Run(connection, "PRAGMA locking_mode = EXCLUSIVE");
        long application = Number(connection, "PRAGMA application_id");
        long version = Number(connection, "PRAGMA user_version");
        long tables = Number(connection, "SELECT count(*) FROM sqlite_schema");
        if (tables > 0 && application != Schema.ApplicationId)
        {
            throw StorageErrors.NotADatabase(path, "it is the database of another program");
        }

        if (tables > 0 && version != Schema.Version)
        {
            throw HasOurTables(connection)
                ? StorageErrors.Corrupt(path, new InvalidDataException($"its schema version became {version}"))
                : StorageErrors.SchemaVersion(path, version, Schema.Version);
        }

        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");

        // For macOS, whose fsync leaves data in the device's cache. On other systems this has no effect.
        Run(connection, "PRAGMA fullfsync = ON");
        Run(connection, "PRAGMA temp_store = MEMORY");
        Run(connection, "PRAGMA secure_delete = ON");
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{CacheKibibytes}"));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {CheckpointPages}"));
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {LargestLogBytes}"));
        if (maxPageCount is { } pages)
        {
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
        }

        Run(connection, "BEGIN IMMEDIATE");
        if (tables == 0)
        {
            Run(connection, Schema.Create);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {Schema.ApplicationId}"));
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Schema.Version}"));
        }

        Run(connection, "COMMIT");
    }

    static bool HasOurTables(SqliteConnection connection)
    {
        using var definitions = new Statement(connection.Handle!, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid");
        return definitions.Read(row => row.Text(0)).SequenceEqual(Schema.Definitions);
    }

    static void Run(SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle, sql), connection.Handle);

    static long Number(SqliteConnection connection, string sql)
    {
        using var query = new Statement(connection.Handle!, sql);
        return query.ReadFirst(row => row.Number(0));
    }
}
