namespace Rollcall.Sqlite.Storage;

/// <summary>The tables, and the application id and schema version in the file.</summary>
static class Schema
{
    /// <summary>"Roll" in ASCII.</summary>
    public const int ApplicationId = 0x526F6C6C;

    /// <summary>Another version has other definitions, so that another version with these is damage.</summary>
    public const int Version = 3;

    const string InstanceSum =
        "row_sum(key, instance_id, execution_id, status, turns, created, updated, completed, custom_status, output, parent, told)";

    const string HistorySum = "row_sum(instance, turn)";
    const string InboxSum = "row_sum(instance, seq)";
    const string ActivitySum = "row_sum(seq)";
    const string TimerSum = "row_sum(seq, due, instance)";

    /// <summary>Each selects the stored checksum of a row and the one that its columns have now.</summary>
    public static readonly string[] Sums =
    [
        $"SELECT sum, {InstanceSum} FROM instances",
        $"SELECT sum, {HistorySum} FROM history",
        $"SELECT sum, {InboxSum} FROM inbox",
        $"SELECT sum, {ActivitySum} FROM activities",
        $"SELECT sum, {TimerSum} FROM timers",
    ];

    /// <summary>The columns whose values end with a checksum of their own.</summary>
    public static readonly string[] Checked =
    [
        "SELECT start FROM instances",
        "SELECT failure FROM instances",
        "SELECT events FROM history",
        "SELECT message FROM inbox",
        "SELECT message FROM activities",
        "SELECT message FROM timers",
    ];

    // SQLite computes sum on each write. It covers the columns whose values have no checksum of their own. A STRICT table makes SQLite's
    // check find a value of another type.
    // Times are UTC ticks. An instance gets a new key when another one starts under the same id.
    // A message without content is the start of its instance, which is instances.start.
    // A sub-orchestration that is removed at its end stays until its parent has consumed that message of its inbox, so that a caller that
    // reads the parent and then the child misses nothing.
    public const string Create = $"""
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
          told INTEGER,
          sum INTEGER GENERATED ALWAYS AS ({InstanceSum}) STORED
        ) STRICT;
        CREATE INDEX instances_told ON instances (parent, told) WHERE parent IS NOT NULL;
        CREATE TABLE history (
          instance INTEGER NOT NULL,
          turn INTEGER NOT NULL,
          events BLOB NOT NULL,
          sum INTEGER GENERATED ALWAYS AS ({HistorySum}) STORED,
          PRIMARY KEY (instance, turn)
        ) WITHOUT ROWID, STRICT;
        CREATE TABLE inbox (
          instance INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          message BLOB,
          sum INTEGER GENERATED ALWAYS AS ({InboxSum}) STORED,
          PRIMARY KEY (instance, seq)
        ) WITHOUT ROWID, STRICT;
        CREATE TABLE activities (
          seq INTEGER PRIMARY KEY,
          message BLOB NOT NULL,
          sum INTEGER GENERATED ALWAYS AS ({ActivitySum}) STORED
        ) STRICT;
        CREATE TABLE timers (
          seq INTEGER PRIMARY KEY,
          due INTEGER NOT NULL,
          instance INTEGER NOT NULL,
          message BLOB,
          sum INTEGER GENERATED ALWAYS AS ({TimerSum}) STORED
        ) STRICT;
        CREATE INDEX timers_due ON timers (due, seq);
        CREATE INDEX timers_instance ON timers (instance);
        """;

    /// <summary>The statements of <see cref="Create"/>, which SQLite stores as they are.</summary>
    public static readonly string[] Definitions = Create.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
