using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>
/// The slots of batches that one process sends alone, which needs to remember nothing: it knows what it took itself. A process before it,
/// of which nothing is known but that it has ended, may have sent until then.
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
