using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rollcall.Sqlite.Storage;

/// <summary>
/// A statement that is prepared once and run many times. It calls SQLite directly, because SqliteCommand allocates for every run.
/// </summary>
sealed class Statement : IDisposable
{
    readonly sqlite3 database;
    readonly sqlite3_stmt handle;

    public Statement(sqlite3 database, string sql)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out handle));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        Check(raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    public Statement Bind(int index, byte[]? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        Check(raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>Runs a statement that returns no row.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs a statement and reads each row.</summary>
    public List<T> Read<T>(Func<Statement, T> row)
    {
        var rows = new List<T>();
        try
        {
            while (Step())
            {
                rows.Add(row(this));
            }
        }
        finally
        {
            Reset();
        }

        return rows;
    }

    /// <summary>Runs a statement and reads its first row, or returns the default if there is none.</summary>
    public T? ReadFirst<T>(Func<Statement, T> row)
    {
        try
        {
            return Step() ? row(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(handle, column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(handle, column).utf8_to_string();

    public byte[]? Bytes(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();

    Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    bool Step()
    {
        int result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, database);
        }

        return false;
    }

    // A reset reports the error of the last step again, which has already been thrown.
    void Reset()
    {
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
