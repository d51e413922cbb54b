using System.Text;
using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Items;

/// <summary>Reads bodies as JSON.</summary>
static class BodyJson
{
    /// <summary>The most levels that are read.</summary>
    public const int MaxDepth = JsonScan.MaxDepth;

    // The JSON of a large body takes many times its size in memory, so such bodies are read one after the other.
    const int LargeBody = 1024 * 1024;

    static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    static readonly SemaphoreSlim Large = new(1);

    /// <summary>Reads a body that was received whole.</summary>
    /// <param name="open">Opens it, as often as it is asked to.</param>
    /// <param name="read">Reads its JSON.</param>
    /// <param name="readOther">Reads a body that is not JSON, or, if it is given true, JSON of too many levels.</param>
    public static async Task<T> ReadAsync<T>(ItemBody body, Func<Task<Stream>> open, Func<JsonElement, T> read, Func<bool, T> readOther)
    {
        if (body.Bytes < LargeBody)
        {
            return await ReadAsync(open, read, readOther);
        }

        await Large.WaitAsync();
        try
        {
            return await ReadAsync(open, read, readOther);
        }
        finally
        {
            Large.Release();
        }
    }

    /// <summary>Opens a body that is inline.</summary>
    public static Stream OpenInline(ItemBody body) =>
        new MemoryStream(body.Text is { } text ? Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(body.Base64!));

    static async Task<T> ReadAsync<T>(Func<Task<Stream>> open, Func<JsonElement, T> read, Func<bool, T> readOther)
    {
        if (await FindJsonAsync(open, Strict) is { } json)
        {
            using (json)
            {
                return read(json.RootElement);
            }
        }

        using var deep = await FindJsonAsync(open, AnyDepth);
        return readOther(deep is not null);
    }

    static async Task<JsonDocument?> FindJsonAsync(Func<Task<Stream>> open, JsonDocumentOptions options)
    {
        await using var stream = await open();
        try
        {
            return await JsonDocument.ParseAsync(stream, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
