using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>The context of an attempt at an item.</summary>
/// <param name="Attempts">The attempts made so far; this one is added.</param>
/// <param name="Turn">Gives further requests of the attempt their turn.</param>
/// <param name="HeldUntil">Until when further requests may wait for their turn, on the steady clock; null for no limit.</param>
sealed record ItemAttempt(
    BatchManifest Manifest,
    int Shard,
    long Index,
    BatchItem Item,
    List<Attempt> Attempts,
    SendTurn Turn,
    TimeSpan Timeout,
    TimeSpan? HeldUntil);
