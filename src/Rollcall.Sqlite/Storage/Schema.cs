namespace Rollcall.Sqlite.Storage;

/// <summary>The tables, and the application id and schema version in the file.</summary>
static class Schema
{
    /// <summary>"Roll" in ASCII.</summary>
    public const int ApplicationId = 0x526F6C6C;

    public const int Version = 2;

    /// <summary>The columns with a checksum.</summary>
    public static readonly string[] Checked =
    [
        "SELECT start FROM instances",
        "SELECT failure FROM instances",
        "SELECT events FROM history",
        "SELECT message FROM inbox",
        "SELECT message FROM activities",
        "SELECT message FROM timers",
    ];

    // Times are UTC ticks. An instance gets a new key when another one starts under the same id.
    // A message without content is the start of its instance, which is instances.start.
    // A sub-orchestration that is removed at its end stays until its parent has consumed that message of its inbox, so that a caller that
    // reads the parent and then the child misses nothing.
    public const string Create = """
        CREATE TABLE instances (
          key INTEGER PRIMARY KEY,
          instance_id TEXT NOT NULL UNIQUE,
          execution_id TEXT NOT NULL,
          status INTEGER NOT NULL,
          turns INTEGER NOT NULL,
          created INTEGER NOT NULL,
          updated INTEGER NOT NULL,
          completed INTEGER,
          custom_status TEXT,
          output TEXT,
          failure BLOB,
          start BLOB NOT NULL,
          parent INTEGER,
          told INTEGER
        );
        CREATE INDEX instances_told ON instances (parent, told) WHERE parent IS NOT NULL;
        CREATE TABLE history (
          instance INTEGER NOT NULL,
          turn INTEGER NOT NULL,
          events BLOB NOT NULL,
          PRIMARY KEY (instance, turn)
        ) WITHOUT ROWID;
        CREATE TABLE inbox (
          instance INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          message BLOB,
          PRIMARY KEY (instance, seq)
        ) WITHOUT ROWID;
        CREATE TABLE activities (
          seq INTEGER PRIMARY KEY,
          message BLOB NOT NULL
        );
        CREATE TABLE timers (
          seq INTEGER PRIMARY KEY,
          due INTEGER NOT NULL,
          instance INTEGER NOT NULL,
          message BLOB
        );
        CREATE INDEX timers_due ON timers (due, seq);
        CREATE INDEX timers_instance ON timers (instance);
        """;

    /// <summary>The statements of <see cref="Create"/>, which SQLite stores as they are.</summary>
    public static readonly string[] Definitions = Create.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
