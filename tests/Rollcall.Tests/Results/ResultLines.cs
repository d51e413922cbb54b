using System.Text;
using System.Text.Json;
using Rollcall.Items;
using Rollcall.Results;

namespace Rollcall.Tests.Results;

/// <summary>Writes outcomes as result lines and reads them again.</summary>
static class ResultLines
{
    public static async Task<byte[]> WriteAsync(ItemOutcome outcome, string? id = null, byte[]? storedBody = null)
    {
        using var stream = new MemoryStream();
        await using (var writer = new ResultWriter(stream))
        {
            await using var body = storedBody is null ? null : new MemoryStream(storedBody);
            Assert.True(await writer.TryWriteAsync(outcome, id, body), "The stored body is not the one that was received.");
        }

        return stream.ToArray();
    }

    public static async Task<JsonElement> WriteJsonAsync(ItemOutcome outcome, string? id = null, byte[]? storedBody = null)
    {
        byte[] line = await WriteAsync(outcome, id, storedBody);
        Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
        return JsonElement.Parse(line);
    }

    public static async Task<List<ResultLine>> ReadAsync(byte[] bytes)
    {
        await using var stream = new MemoryStream(bytes);
        var reader = new ResultReader(stream, []);
        var lines = new List<ResultLine>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public static Task<List<ResultLine>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    public static byte[] BodyOf(JsonElement line) => line.TryGetProperty("body", out var text)
        ? Encoding.UTF8.GetBytes(text.GetString()!)
        : line.GetProperty("bodyBase64").GetBytesFromBase64();
}
