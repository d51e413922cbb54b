namespace Rollcall.Items;

/// <summary>One payload to be sent.</summary>
/// <param name="Id">The caller's own name for the item, repeated in its result; null if the caller gave none.</param>
/// <param name="Payload">The bytes to send, exactly as received.</param>
public sealed record BatchItem(string? Id, ReadOnlyMemory<byte> Payload)
{
    /// <summary>What its request has of its own; null for nothing.</summary>
    public RequestHead? Head { get; init; }

    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 256;

    /// <summary>The largest payload, in bytes (64 MiB).</summary>
    public const int MaxPayloadBytes = 64 * 1024 * 1024;
}
