using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// The slots of batches that one process alone sends. It needs no storage, because the process knows which slots it took. All that is known
/// of an earlier process is that it has ended, and it may have sent requests until then.
/// </summary>
public sealed class MemorySlotLedger(TimeProvider time) : ISlotLedger
{
    readonly DateTimeOffset startedAt = time.GetUtcNow();
    readonly TimeSpan start = time.GetSteadyTime();

    /// <inheritdoc/>
    public TimeSpan TakenAtOnce => TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public Task<SlotResponse> TakeAsync(BatchManifest manifest, SlotRequest request)
    {
        var first = manifest.CreatedAt < startedAt && start + request.Spacing > request.Earliest
            ? start + request.Spacing
            : request.Earliest;
        return Task.FromResult(new SlotResponse(first, first <= request.Latest));
    }
}
