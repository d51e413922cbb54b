using Microsoft.Extensions.Logging;

namespace Rollcall.Sqlite;

/// <summary>Settings of a <see cref="SqliteOrchestrationService"/>.</summary>
public sealed record SqliteOrchestrationServiceOptions
{
    const int MostWorkItems = 10_000;
    static readonly TimeSpan LongestIdle = TimeSpan.FromHours(1);

    /// <summary>The database file. It is created if it does not exist; its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>How many activities may run at the same time: 1 to 10,000.</summary>
    public int MaxConcurrentActivities { get; init; } = 64;

    /// <summary>
    /// How many orchestrations may be in memory at the same time: 1 to 10,000. Half of them may stay there between turns.
    /// </summary>
    public int MaxConcurrentOrchestrations { get; init; } = 128;

    /// <summary>
    /// How long an idle orchestration stays in memory: 0 to 1 hour. With 0 it is loaded and replayed for every turn.
    /// </summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether a sub-orchestration that has ended is removed, with its history, in the transaction in which its parent consumes its result.
    /// The size of the file then depends only on what is running, and a caller that reads the parent and then the child misses nothing.
    /// </summary>
    public bool PurgeCompletedSubOrchestrations { get; init; }

    /// <summary>The clock of timers, scheduled starts and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the service writes its log. Inputs, outputs and event data are never logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The maximum number of pages of the file. Tests use it to simulate a full disk.</summary>
    internal int? MaxPageCount { get; init; }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            throw new ArgumentException($"{nameof(Path)} is empty. It must name the database file.", nameof(Path));
        }

        CheckCount(MaxConcurrentActivities, nameof(MaxConcurrentActivities));
        CheckCount(MaxConcurrentOrchestrations, nameof(MaxConcurrentOrchestrations));
        if (SessionIdleTimeout < TimeSpan.Zero || SessionIdleTimeout > LongestIdle)
        {
            throw new ArgumentOutOfRangeException(
                nameof(SessionIdleTimeout),
                SessionIdleTimeout,
                $"{nameof(SessionIdleTimeout)} is {SessionIdleTimeout}. It must be from 0 to {LongestIdle}.");
        }

        if (TimeProvider is null)
        {
            throw new ArgumentException($"{nameof(TimeProvider)} is null. Leave it out to use the system's clock.", nameof(TimeProvider));
        }
    }

    static void CheckCount(int value, string name)
    {
        if (value is < 1 or > MostWorkItems)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}. It must be from 1 to {MostWorkItems}.");
        }
    }
}
