namespace Rollcall.Sqlite;

/// <summary>What went wrong with the database file.</summary>
public enum SqliteStorageReason
{
    /// <summary>The file cannot be read or written for another reason.</summary>
    IO,

    /// <summary>Another process, or another service in this process, has the file open.</summary>
    AlreadyOpen,

    /// <summary>The file is not a SQLite database, or it is the database of another program.</summary>
    NotADatabase,

    /// <summary>The file was written by a version of this library that this version cannot read.</summary>
    SchemaVersion,

    /// <summary>The content of the file is damaged.</summary>
    Corrupt,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The file or its folder may not be written.</summary>
    ReadOnly,

    /// <summary>The file cannot be opened or created: its folder does not exist, or it is itself a folder.</summary>
    CannotOpen,
}
