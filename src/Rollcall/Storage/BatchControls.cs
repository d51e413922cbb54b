using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>
/// The controls of the batches that this process has to do with. What senders go by is at most a second old, so that a change is in force
/// everywhere within that and the time of a read.
/// </summary>
/// <param name="store">Where they are.</param>
public sealed class BatchControls(IBatchStore store, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly RecentEntries<(string Id, DateTimeOffset CreatedAt), Known> known = new();

    /// <summary>A batch's control, at most a second old.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public Task<BatchControl> GetAsync(BatchManifest manifest)
    {
        var found = known.Find(KeyOf(manifest));
        if (found?.Before is { } before && !found.Control.IsCompleted && time.GetElapsedTime(before.At) < Fresh)
        {
            return before.Control;
        }

        // A store that takes its time keeps nobody waiting: what is half as old as it may be is read again while it is gone by.
        bool isFresh = found is { Control.IsFaulted: false } && time.GetElapsedTime(found.At) < Fresh;
        if (isFresh && (!found!.Control.IsCompleted || time.GetElapsedTime(found.At) < Fresh / 2))
        {
            return found.Control;
        }

        // Of several that come here at once all but one may read for nothing; each has what is there now.
        long at = time.GetTimestamp();
        var read = ReadAsync(manifest, CancellationToken.None);
        var entry = new Known(read, at, isFresh ? found! with { Before = null } : null);

        // A change that was made since the reading began stays.
        known.TryReplace(KeyOf(manifest), found, entry);
        return isFresh && !read.IsCompleted ? found!.Control : read;
    }

    /// <summary>A batch's control as it is now.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public async Task<BatchControl> ReadAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        await store.FindControlAsync(manifest.Id, cancellationToken) ?? BatchControl.Of(manifest);

    /// <summary>Changes a batch's control. In this process the change is in force when this returns.</summary>
    /// <param name="change">Makes the next version of the control that it is given, or returns it where there is nothing to change.</param>
    /// <returns>The control after the change.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public async Task<BatchControl> ChangeAsync(
        BatchManifest manifest, Func<BatchControl, BatchControl> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = await ReadAsync(manifest, cancellationToken);
            var after = change(before);
            if (ReferenceEquals(before, after) || await store.WriteControlAsync(after, cancellationToken))
            {
                Keep(manifest, after);
                return after;
            }
        }
    }

    /// <summary>What a sender of a batch's items has to keep to at the moment.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public async ValueTask<SendRules> GetRulesAsync(BatchManifest manifest)
    {
        var rules = RulesOf(manifest, await GetAsync(manifest));

        // A stop ends the run for good, so it must not be that of a run which was redriven meanwhile.
        return rules.IsHalt ? RulesOf(manifest, await ReadAsync(manifest, CancellationToken.None)) : rules;
    }

    // Of two changes at once the one that was first may come here last.
    void Keep(BatchManifest manifest, BatchControl control)
    {
        var entry = new Known(Task.FromResult(control), time.GetTimestamp(), Before: null);
        known.Keep(
            KeyOf(manifest),
            entry,
            there => there.Control.IsCompletedSuccessfully && there.Control.Result.Version > control.Version ? there : entry);
    }

    SendRules RulesOf(BatchManifest manifest, BatchControl control) =>
        new(control.RatePerSecond, control.FindStop(manifest, time.GetUtcNow()), control.IsPaused);

    /// <param name="Control">The control, or its reading.</param>
    /// <param name="At">When the reading began.</param>
    /// <param name="Before">What is gone by until it is read.</param>
    sealed record Known(Task<BatchControl> Control, long At, Known? Before);

    // The id alone may be that of a batch that was deleted a moment ago.
    static (string Id, DateTimeOffset CreatedAt) KeyOf(BatchManifest manifest) => (manifest.Id, manifest.CreatedAt);
}
