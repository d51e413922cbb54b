using System.Globalization;
using Rollcall.Items;

namespace Rollcall.Batches;

/// <summary>
/// What may change in a batch after it starts. Each change makes the next version. If two changes collide, the second is applied again on
/// top of the first.
/// </summary>
public sealed record BatchControl
{
    /// <summary>The batch's id.</summary>
    public required string BatchId { get; init; }

    /// <summary>When the batch was accepted. It tells the batch from a later one with the same id.</summary>
    public required DateTimeOffset BatchCreatedAt { get; init; }

    /// <summary>The number of changes so far: 0 when the batch starts.</summary>
    public required int Version { get; init; }

    /// <summary>The number of the run, from 1. Each redrive starts the next run.</summary>
    public required int Run { get; init; }

    /// <summary>When the run may begin. The deadline counts from here.</summary>
    public required DateTimeOffset RunStartsAt { get; init; }

    /// <summary>
    /// The error codes of the items that this run sends again; null for all that did not succeed. The first run sends every item.
    /// </summary>
    public IReadOnlyList<ItemErrorCode>? OnlyCodes { get; init; }

    /// <summary>
    /// The HTTP statuses of the items that this run sends again, beside those of <see cref="OnlyCodes"/>: a <see cref="StatusSet"/>; null
    /// for none.
    /// </summary>
    public string? OnlyStatuses { get; init; }

    /// <summary>How many items are in flight at once: see <see cref="BatchOptions.Concurrency"/>.</summary>
    public required int Concurrency { get; init; }

    /// <summary>The maximum number of requests per second: see <see cref="BatchOptions.RatePerSecond"/>.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How many items may fail in a run; null for no limit: see <see cref="BatchOptions.MaxFailedItems"/>.</summary>
    public long? FailureLimit { get; init; }

    /// <summary>Whether sending is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Why Rollcall itself paused the batch, in one sentence; null if a user did, or it is not paused.</summary>
    public string? PauseReason { get; init; }

    /// <summary>
    /// Why this run no longer sends items; null while it does. A passed deadline is not recorded here: it is computed from the clock.
    /// </summary>
    public BatchStop? Stop { get; init; }

    /// <summary>Whether the batch is being deleted. No change follows this one.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The control of a batch that was never changed: version 0.</summary>
    public static BatchControl Of(BatchManifest manifest) => new()
    {
        BatchId = manifest.Id,
        BatchCreatedAt = manifest.CreatedAt,
        Version = 0,
        Run = 1,
        RunStartsAt = manifest.StartAt > manifest.CreatedAt ? manifest.StartAt.Value : manifest.CreatedAt,
        Concurrency = manifest.Options.Concurrency,
        RatePerSecond = manifest.Options.RatePerSecond,
        FailureLimit = FailureLimitOf(manifest),
    };

    /// <summary>The run's deadline.</summary>
    /// <returns>The time, or null if the batch has no deadline.</returns>
    public DateTimeOffset? DeadlineOf(BatchManifest manifest) =>
        manifest.Options.DeadlineSeconds is { } seconds ? RunStartsAt.AddSeconds(seconds) : null;

    /// <summary>Finds out whether the run has stopped sending.</summary>
    /// <returns>Why it has, or null if it has not.</returns>
    public BatchStop? FindStop(BatchManifest manifest, DateTimeOffset now)
    {
        if (Stop is not null || DeadlineOf(manifest) is not { } deadline || now < deadline)
        {
            return Stop;
        }

        string seconds = manifest.Options.DeadlineSeconds!.Value.ToString(CultureInfo.InvariantCulture);
        return new BatchStop(
            StopKind.Expired,
            $"The deadline of {seconds} s passed at {deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.",
            deadline);
    }

    /// <summary>Adds a stop, unless there is one.</summary>
    /// <returns>The next version, or this one if it has a stop.</returns>
    public BatchControl Stopped(BatchStop stop) => Stop is null ? Next() with { Stop = stop, IsPaused = false, PauseReason = null } : this;

    /// <summary>Pauses or resumes sending.</summary>
    /// <param name="reason">Why Rollcall itself pauses; null for a user.</param>
    /// <returns>The next version, or this one if it is in that state already.</returns>
    public BatchControl Paused(bool isPaused, string? reason = null) =>
        IsPaused == isPaused ? this : Next() with { IsPaused = isPaused, PauseReason = reason };

    /// <summary>Replaces the limits on sending.</summary>
    /// <returns>The next version, or this one if the limits are the same.</returns>
    public BatchControl Bounded(int concurrency, double? ratePerSecond) =>
        Concurrency == concurrency && Nullable.Equals(RatePerSecond, ratePerSecond)
            ? this
            : Next() with { Concurrency = concurrency, RatePerSecond = ratePerSecond };

    /// <summary>Takes over the limits of the batch's own options after these were changed.</summary>
    /// <returns>The next version, or this one if the limits are the same.</returns>
    public BatchControl Following(BatchManifest manifest)
    {
        var limits = Of(manifest);
        var bounded = Bounded(limits.Concurrency, limits.RatePerSecond);
        return FailureLimit == limits.FailureLimit ? bounded : Next() with
        {
            Concurrency = bounded.Concurrency,
            RatePerSecond = bounded.RatePerSecond,
            FailureLimit = limits.FailureLimit,
        };
    }

    /// <summary>Starts the next run.</summary>
    /// <param name="now">When the run begins.</param>
    /// <param name="onlyCodes">The error codes of the items to send again; null for all that did not succeed.</param>
    /// <param name="onlyStatuses">The HTTP statuses of further items to send again: see <see cref="OnlyStatuses"/>.</param>
    public BatchControl Redriven(DateTimeOffset now, IReadOnlyList<ItemErrorCode>? onlyCodes, string? onlyStatuses = null) => Next() with
    {
        Run = Run + 1,
        RunStartsAt = now,
        OnlyCodes = onlyCodes,
        OnlyStatuses = onlyStatuses,
        Stop = null,
        IsPaused = false,
        PauseReason = null,
    };

    /// <summary>The set of <see cref="OnlyStatuses"/>; null for none.</summary>
    internal StatusSet? FindStatuses() => OnlyStatuses is null ? null : StatusSet.Find(OnlyStatuses);

    /// <summary>Marks the batch as being deleted.</summary>
    /// <param name="run">The run that has ended. If the batch is in another run, it is not deleted.</param>
    /// <returns>The next version, or this one if the batch is marked already or is in another run.</returns>
    public BatchControl Deleted(int run) => IsDeleted || Run != run ? this : Next() with { IsDeleted = true };
    static long? FailureLimitOf(BatchManifest manifest)
    {
        long? byPercent = manifest.Options.MaxFailedPercent is { } percent ? (long)Math.Floor(manifest.ItemCount * percent / 100) : null;
        return manifest.Options.MaxFailedItems is { } items && !(byPercent < items) ? items : byPercent;
    }

    BatchControl Next() => this with { Version = Version + 1 };
}
