namespace Rollcall.Sqlite;

/// <summary>The database file cannot be used. The message says which file, what is wrong and what to do.</summary>
public sealed class SqliteStorageException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public SqliteStorageException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public SqliteStorageException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public SqliteStorageException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SqliteStorageException(SqliteStorageReason reason, string path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        Path = path;
    }

    /// <summary>What went wrong.</summary>
    public SqliteStorageReason Reason { get; }

    /// <summary>The database file.</summary>
    public string Path { get; } = "";
}
