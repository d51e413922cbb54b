using System.Text.Json;

namespace Rollcall.Items;

/// <summary>What the request of one item has of its own. What is null is as the batch's target has it.</summary>
/// <param name="Method">The method, in capitals.</param>
/// <param name="Url">The URL: absolute when the item is stored, until then possibly relative to the target's.</param>
/// <param name="Headers">Headers by name, which replace the target's.</param>
/// <param name="HasBody">Whether the item's payload is sent. Without it the request has no body.</param>
public sealed record RequestHead(
    string? Method = null,
    string? Url = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    bool HasBody = true)
{
    /// <summary>The longest head that is stored, in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>The head of an item as it is stored.</summary>
    /// <returns>JSON; nothing for an item without a head.</returns>
    public static byte[] ToBytes(BatchItem item) =>
        item.Head is null ? [] : JsonSerializer.SerializeToUtf8Bytes(item.Head, ItemsJson.Compact.RequestHead);

    /// <summary>Reads a stored head.</summary>
    /// <returns>The head; null for no bytes.</returns>
    public static RequestHead? Parse(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? null : JsonSerializer.Deserialize(bytes, ItemsJson.Compact.RequestHead);
}
