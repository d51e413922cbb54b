using System.Globalization;
using Rollcall.Items;

namespace Rollcall.Batches;

/// <summary>
/// What may change of a batch after its start. Each change makes the next version; of two changes at once, the second is made again on
/// top of the first.
/// </summary>
public sealed record BatchControl
{
    /// <summary>The batch.</summary>
    public required string BatchId { get; init; }

    /// <summary>When the batch was taken in: its id may be that of another one later.</summary>
    public required DateTimeOffset BatchCreatedAt { get; init; }

    /// <summary>How often it was changed: 0 as it was started.</summary>
    public required int Version { get; init; }

    /// <summary>Which time its items are sent, from 1; each redrive is one more.</summary>
    public required int Run { get; init; }

    /// <summary>When the run may begin: the deadline counts from here.</summary>
    public required DateTimeOffset RunStartsAt { get; init; }

    /// <summary>
    /// The error codes of the items that this run sends again; null for all that did not succeed. The first run sends every item.
    /// </summary>
    public IReadOnlyList<ItemErrorCode>? OnlyCodes { get; init; }

    /// <summary>How many items are in flight at once: see <see cref="BatchOptions.Concurrency"/>.</summary>
    public required int Concurrency { get; init; }

    /// <summary>How many requests are sent a second at the most: see <see cref="BatchOptions.RatePerSecond"/>.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How many items may fail in a run; null for no limit: see <see cref="BatchOptions.MaxFailedItems"/>.</summary>
    public long? FailureLimit { get; init; }

    /// <summary>Whether no item is sent for now.</summary>
    public bool IsPaused { get; init; }

    /// <summary>
    /// Why no item is sent any more in this run; null while they are. The deadline is not noted here: it passes by itself.
    /// </summary>
    public BatchStop? Stop { get; init; }

    /// <summary>Whether the batch is being deleted. That is the last change of a batch.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The control of a batch that was never changed.</summary>
    /// <returns>Version 0.</returns>
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

    /// <summary>When the run's time is over.</summary>
    /// <returns>Its deadline, or null where it has none.</returns>
    public DateTimeOffset? DeadlineOf(BatchManifest manifest) =>
        manifest.Options.DeadlineSeconds is { } seconds ? RunStartsAt.AddSeconds(seconds) : null;

    /// <summary>Whether items are sent no more.</summary>
    /// <returns>Why not, or null where they are.</returns>
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

    /// <summary>The control with a stop, unless it has one.</summary>
    /// <returns>The next version, or this one.</returns>
    public BatchControl Stopped(BatchStop stop) => Stop is null ? Next() with { Stop = stop, IsPaused = false } : this;

    /// <summary>The control with a pause or without one.</summary>
    /// <param name="isPaused">Whether no item is to be sent.</param>
    /// <returns>The next version, or this one where it is so already.</returns>
    public BatchControl Paused(bool isPaused) => IsPaused == isPaused ? this : Next() with { IsPaused = isPaused };

    /// <summary>The control with other bounds.</summary>
    /// <param name="concurrency">How many items are in flight at once.</param>
    /// <param name="ratePerSecond">How many requests are sent a second at the most.</param>
    /// <returns>The next version, or this one where they are the same.</returns>
    public BatchControl Bounded(int concurrency, double? ratePerSecond) =>
        Concurrency == concurrency && Nullable.Equals(RatePerSecond, ratePerSecond)
            ? this
            : Next() with { Concurrency = concurrency, RatePerSecond = ratePerSecond };

    /// <summary>The control with the limits that the batch's own options have, after these were changed.</summary>
    /// <returns>The next version, or this one where they are the same.</returns>
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

    /// <summary>The control of a further run.</summary>
    /// <param name="now">When it begins.</param>
    /// <param name="onlyCodes">The error codes of the items to send again; null for all that did not succeed.</param>
    public BatchControl Redriven(DateTimeOffset now, IReadOnlyList<ItemErrorCode>? onlyCodes) =>
        Next() with { Run = Run + 1, RunStartsAt = now, OnlyCodes = onlyCodes, Stop = null, IsPaused = false };

    /// <summary>The control of a batch that is being deleted.</summary>
    /// <param name="run">The run that has ended. A batch that is in another one goes on.</param>
    /// <returns>The next version, or this one where it is so already or in another run.</returns>
    public BatchControl Deleted(int run) => IsDeleted || Run != run ? this : Next() with { IsDeleted = true };
    static long? FailureLimitOf(BatchManifest manifest)
    {
        long? byPercent = manifest.Options.MaxFailedPercent is { } percent ? (long)Math.Floor(manifest.ItemCount * percent / 100) : null;
        return manifest.Options.MaxFailedItems is { } items && !(byPercent < items) ? items : byPercent;
    }

    BatchControl Next() => this with { Version = Version + 1 };
}
