namespace Rollcall.Batches;

/// <summary>A shard's part of the receipt.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="FirstIndex">The index of its first item.</param>
/// <param name="Items">How many items, and so result lines, it has.</param>
/// <param name="Sha256">The SHA-256 of its result lines, in lower-case hex.</param>
public sealed record ShardReceipt(int Shard, long FirstIndex, int Items, string Sha256);
