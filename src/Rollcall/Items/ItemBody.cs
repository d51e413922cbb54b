using System.Security.Cryptography;
using System.Text;

namespace Rollcall.Items;

/// <summary>
/// A body as it was received, byte for byte: small ones inline as text or base64, others as a name in the batch's store. Exactly one of
/// <see cref="Text"/>, <see cref="Base64"/> and <see cref="StoredName"/> is set.
/// </summary>
public sealed record ItemBody
{
    /// <summary>The largest body that is kept inline, in bytes. Larger ones would swell the orchestration's history.</summary>
    public const int MaxInlineBytes = 4096;

    /// <summary>The body if it is small and text: valid UTF-8, and shorter than its base64 form.</summary>
    public string? Text { get; init; }

    /// <summary>The body in base64 if it is small and not text.</summary>
    public string? Base64 { get; init; }

    /// <summary>The name under which the batch's store keeps the body.</summary>
    public string? StoredName { get; init; }

    /// <summary>Whether a stored body is text, and is written as text in the results.</summary>
    public bool StoredIsText { get; init; }

    /// <summary>Whether the target sent more, or meant to.</summary>
    public bool IsCut { get; init; }

    /// <summary>The length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The SHA-256 of the bytes, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether an inline body still has the length and the hash that were recorded with it.</summary>
    /// <returns>Always true for a stored body, which is not checked here.</returns>
    public bool IsInlineWhole()
    {
        if (StoredName is not null)
        {
            return true;
        }

        byte[] bytes = new byte[MaxInlineBytes];
        int length = 0;
        bool isRead = Text is not null
            ? Encoding.UTF8.TryGetBytes(Text, bytes, out length)
            : Base64 is not null && Convert.TryFromBase64String(Base64, bytes, out length);
        return isRead && length == Bytes && Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))) == Sha256;
    }
}
