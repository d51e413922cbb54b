using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Says which slots of a batch are taken, by whichever process: no two have the same one.</summary>
public interface ISlotLedger
{
    /// <summary>How much time's slots a process takes at once: as little as what taking them costs allows for.</summary>
    TimeSpan Run { get; }

    /// <summary>Takes slots of a batch in a row.</summary>
    /// <param name="manifest">The batch.</param>
    /// <param name="request">Which.</param>
    /// <returns>The slots.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    Task<SlotRun> TakeAsync(BatchManifest manifest, SlotRequest request);
}
