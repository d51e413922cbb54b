using Rollcall.Batches;

namespace Rollcall.Cli.Client;

/// <summary>A receipt from a server.</summary>
/// <param name="Bytes">As the server gave it.</param>
/// <param name="Content">What it says.</param>
sealed record ServerReceipt(ReadOnlyMemory<byte> Bytes, Receipt Content);
