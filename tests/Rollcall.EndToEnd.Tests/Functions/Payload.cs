using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>
/// A payload that says what response it wants. The response is computed from the payload's own bytes, so that it fits no other payload.
/// </summary>
/// <param name="Number">Makes the payload one of its kind.</param>
/// <param name="ResponseBytes">The length of the response: at least 64 if it is text.</param>
/// <param name="IsBinary">Whether the response is bytes that are not UTF-8.</param>
/// <param name="Padding">Makes the payload long.</param>
sealed record Payload(int Number, int ResponseBytes = 200, bool IsBinary = false, string? Padding = null)
{
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static Payload Parse(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize<Payload>(payload, Json)!;

    public static IReadOnlyList<Payload> Many(int count) => [.. Enumerable.Range(0, count).Select(number => new Payload(number))];

    /// <summary>
    /// As responses are in practice, most short, from 200 bytes to 4 MiB: one in ten has 64 KiB, one in fifty 4 MiB, and of each kind some
    /// are binary.
    /// </summary>
    public static IReadOnlyList<Payload> Mixed(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new Payload(number, MixedLength(number), IsBinary: number / 10 % 3 == 0))];

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>The response to a payload of exactly these bytes.</summary>
    public byte[] ResponseTo(ReadOnlySpan<byte> payload)
    {
        byte[] hash = SHA256.HashData(payload);
        byte[] response = new byte[ResponseBytes];
        var random = new Random(BitConverter.ToInt32(hash));
        if (IsBinary)
        {
            random.NextBytes(response);
            response[0] = 0xff;
        }
        else
        {
            random.GetItems<byte>(Encoding.ASCII.GetBytes(Letters), response);
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash), response);
        }

        return response;
    }

    static int MixedLength(int number) => (number % 50, number % 10) switch
    {
        (7, _) => 4 * 1024 * 1024,
        (_, 3) => 64 * 1024,
        _ => 200 + (number * 37 % 5800),
    };
}
