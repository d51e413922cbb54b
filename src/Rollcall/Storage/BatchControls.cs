using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>
/// The controls of the batches that this process works on. Senders use controls that are at most one second old, so a change takes effect
/// everywhere within one second plus the time of a read.
/// </summary>
/// <param name="store">Where the controls are stored.</param>
public sealed class BatchControls(IBatchStore store, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly RecentEntries<(string Id, DateTimeOffset CreatedAt), Known> known = new();

    /// <summary>A batch's control, at most one second old.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public Task<BatchControl> GetAsync(BatchManifest manifest)
    {
        var found = known.Find(KeyOf(manifest));
        if (found?.Before is { } before && !found.Control.IsCompleted && time.GetElapsedTime(before.At) < Fresh)
        {
            return before.Control;
        }

        // A slow store keeps nobody waiting: a control is read again at half its maximum age, and the old one is used until then.
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

    /// <summary>Reads a batch's current control from the store.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public async Task<BatchControl> ReadAsync(BatchManifest manifest, CancellationToken cancellationToken) =>
        await store.FindControlAsync(manifest.Id, cancellationToken) ?? BatchControl.Of(manifest);

    /// <summary>Changes a batch's control. The change is in effect in this process when this returns.</summary>
    /// <param name="change">
    /// Makes the next version of the control it is given, or returns the same one if there is nothing to change.
    /// </param>
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

    /// <summary>Receives the reason when Rollcall itself pauses a batch; null if nobody wants to know.</summary>
    public Action<string>? Paused { get; set; }

    /// <summary>Pauses a batch of which nothing can be sent until somebody has mended something.</summary>
    /// <param name="reason">One sentence.</param>
    /// <exception cref="IOException">The store failed.</exception>
    public async Task PauseAsync(BatchManifest manifest, string reason)
    {
        await ChangeAsync(
            manifest, control => control.Stop is null ? control.Paused(isPaused: true, reason) : control, CancellationToken.None);
        Paused?.Invoke(reason);
    }

    /// <summary>The rules that a sender of a batch's items must follow right now.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    public async ValueTask<SendRules> GetRulesAsync(BatchManifest manifest)
    {
        var rules = RulesOf(manifest, await GetAsync(manifest));

        // A stop ends the run permanently, so it must not be the stop of an earlier run if the batch was redriven in the meantime.
        return rules.IsHalt ? RulesOf(manifest, await ReadAsync(manifest, CancellationToken.None)) : rules;
    }

    // If two changes are made at once, the earlier one may get here last.
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

    /// <param name="Control">The control, or the read that fetches it.</param>
    /// <param name="At">When the read began.</param>
    /// <param name="Before">What is used until the read completes.</param>
    sealed record Known(Task<BatchControl> Control, long At, Known? Before);

    // The id alone could also be that of a batch that was just deleted.
    static (string Id, DateTimeOffset CreatedAt) KeyOf(BatchManifest manifest) => (manifest.Id, manifest.CreatedAt);
}
