using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>What an attempt at an item needs to know.</summary>
/// <param name="Manifest">The batch.</param>
/// <param name="Shard">The item's shard.</param>
/// <param name="Index">The item's index.</param>
/// <param name="Item">The item.</param>
/// <param name="Attempts">The attempts that were made; this one joins them.</param>
/// <param name="Turn">Gives further requests of the attempt their turn.</param>
/// <param name="Timeout">The time limit.</param>
/// <param name="HeldUntil">Until when further requests may be waited for, on the steady clock; null for as long as it takes.</param>
sealed record ItemAttempt(
    BatchManifest Manifest,
    int Shard,
    long Index,
    BatchItem Item,
    List<Attempt> Attempts,
    SendTurn Turn,
    TimeSpan Timeout,
    TimeSpan? HeldUntil);
