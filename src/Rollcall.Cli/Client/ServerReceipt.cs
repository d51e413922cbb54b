using Rollcall.Batches;

namespace Rollcall.Cli.Client;

/// <summary>A receipt from a server.</summary>
/// <param name="Bytes">The bytes as the server sent them.</param>
sealed record ServerReceipt(ReadOnlyMemory<byte> Bytes, Receipt Content);
