using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Functions.Api;

/// <summary>A batch's results as they came over the wire.</summary>
sealed class DownloadedResults
{
    public DownloadedResults(byte[] bytes)
    {
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Lines = [.. Split(bytes).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public string Sha256 { get; }

    public IReadOnlyList<JsonElement> Lines { get; }

    public IEnumerable<int> Indexes => Lines.Select(line => line.GetProperty("index").GetInt32());

    /// <summary>The body of a line, byte for byte.</summary>
    public static byte[] BodyOf(JsonElement line)
    {
        if (line.TryGetProperty("body", out var text))
        {
            return Encoding.UTF8.GetBytes(text.GetString()!);
        }

        Assert.True(line.TryGetProperty("bodyBase64", out var base64), $"The line has no body: {line}");
        return base64.GetBytesFromBase64();
    }

    /// <summary>Requires one line for each payload, in order, with the whole response to that payload.</summary>
    public void RequireResponses(IReadOnlyList<Payload> payloads)
    {
        Assert.Equal(Enumerable.Range(0, payloads.Count), Indexes);
        Assert.All(Lines.Zip(payloads), pair => RequireResponse(pair.First, pair.Second));
    }

    /// <summary>Requires that a line has the whole response to a payload.</summary>
    public static void RequireResponse(JsonElement line, Payload payload)
    {
        Assert.True(line.GetProperty("status").ValueEquals("succeeded"), $"Payload {payload.Number} did not succeed: {Head(line)}");
        byte[] expected = payload.ResponseTo(payload.ToBytes());
        byte[] body = BodyOf(line);
        Assert.True(
            expected.AsSpan().SequenceEqual(body),
            $"Payload {payload.Number} has {body.Length} bytes that are not its {expected.Length}.");
        Assert.Equal(expected.Length, line.GetProperty("bytes").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), line.GetProperty("sha256").GetString());
        Assert.Equal(payload.IsBinary, line.TryGetProperty("bodyBase64", out _));
    }

    static string Head(JsonElement line) => line.GetRawText() is { Length: > 500 } text ? text[..500] : line.GetRawText();

    static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            Assert.True(end >= 0, "The last line does not end with a line feed: the results are cut.");
            yield return bytes[..end];
            bytes = bytes[(end + 1)..];
        }
    }
}
