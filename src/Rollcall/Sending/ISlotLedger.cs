using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Says which slots of a batch are taken, by whichever process: no two have the same one.</summary>
public interface ISlotLedger
{
    /// <summary>How much time's slots a process takes at once: as little as what taking them costs allows for.</summary>
    TimeSpan TakenAtOnce { get; }

    /// <summary>Takes slots of a batch in a row.</summary>
    /// <param name="request">Which.</param>
    /// <exception cref="IOException">The store failed.</exception>
    Task<SlotResponse> TakeAsync(BatchManifest manifest, SlotRequest request);
}

/// <summary>A request for slots of a batch in a row. Times are on the process's steady clock.</summary>
/// <param name="Count">How many, from 1.</param>
/// <param name="Spacing">How far they are apart, and at least as far from those that were taken before.</param>
/// <param name="Earliest">When the first one may begin; taking it may take longer.</param>
/// <param name="Latest">When the first one must begin; where that cannot be, none are taken.</param>
public readonly record struct SlotRequest(int Count, TimeSpan Spacing, TimeSpan Earliest, TimeSpan Latest);

/// <summary>Slots of a batch in a row that one process has to itself.</summary>
/// <param name="First">When the first one begins, on the process's steady clock.</param>
/// <param name="IsTaken">Whether they were taken; otherwise <paramref name="First"/> is too far away.</param>
public readonly record struct SlotResponse(TimeSpan First, bool IsTaken);
