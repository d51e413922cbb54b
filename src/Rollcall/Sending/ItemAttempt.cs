using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Sending;

/// <summary>What an attempt at an item needs to know.</summary>
/// <param name="Attempts">The attempts that were made; this one joins them.</param>
/// <param name="Turn">Gives further requests of the attempt their turn.</param>
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
