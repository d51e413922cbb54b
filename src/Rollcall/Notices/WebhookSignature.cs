using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rollcall.Notices;

/// <summary>Signs as specified in Standard Webhooks 1.0, with its symmetric scheme <c>v1</c>.</summary>
static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    const int FewestKeyBytes = 24;
    const int MostKeyBytes = 64;

    /// <summary>Reads the key from a secret: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    /// <returns>The key, or null if the secret is not of this form.</returns>
    public static byte[]? FindKey(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        byte[] buffer = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], buffer, out int length)
            && length is >= FewestKeyBytes and <= MostKeyBytes
            ? buffer[..length]
            : null;
    }

    /// <summary>Signs the text <c>id.timestamp.body</c>.</summary>
    /// <param name="timestamp">When the attempt is made, in seconds since 1970.</param>
    /// <param name="body">The body, byte for byte as it is sent.</param>
    /// <returns>The value of the header <c>webhook-signature</c>.</returns>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
