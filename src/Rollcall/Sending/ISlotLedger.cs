using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Hands out the slots of a batch to all processes: no two get the same one.</summary>
public interface ISlotLedger
{
    /// <summary>The length of time for which a process takes slots at once: as short as the cost of taking them allows.</summary>
    TimeSpan TakenAtOnce { get; }

    /// <summary>Takes consecutive slots of a batch.</summary>
    /// <exception cref="IOException">The store failed.</exception>
    Task<SlotResponse> TakeAsync(BatchManifest manifest, SlotRequest request);
}

/// <summary>A request for consecutive slots of a batch. Times are on the process's steady clock.</summary>
/// <param name="Count">How many, from 1.</param>
/// <param name="Spacing">Their distance from each other, and their least distance from those taken before.</param>
/// <param name="Earliest">When the first one may begin; taking it may take longer.</param>
/// <param name="Latest">When the first one must begin; if that is not possible, none are taken.</param>
public readonly record struct SlotRequest(int Count, TimeSpan Spacing, TimeSpan Earliest, TimeSpan Latest);

/// <summary>Consecutive slots of a batch that belong to one process.</summary>
/// <param name="First">When the first one begins, on the process's steady clock.</param>
/// <param name="IsTaken">Whether they were taken; otherwise <paramref name="First"/> is too far away.</param>
public readonly record struct SlotResponse(TimeSpan First, bool IsTaken);
