using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Functions.Api;

/// <summary>A batch request as JSON, for the HTTP API and the queue.</summary>
/// <param name="Url">The target.</param>
sealed record BatchDocument(string Url)
{
    public string? Id { get; init; }

    public IReadOnlyList<byte[]> Payloads { get; init; } = [];

    /// <summary>Header values of the target as JSON, by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The options as JSON.</summary>
    public string? Options { get; init; }

    public string? ItemsBlob { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public string? Lines { get; init; }

    public static BatchDocument Of(string url, IEnumerable<Payload> payloads) =>
        new(url) { Payloads = [.. payloads.Select(payload => payload.ToBytes())] };

    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteText(json, "id", Id);
            WriteTarget(json);
            WriteItems(json);
            WriteText(json, "itemsBlob", ItemsBlob);
            WriteText(json, "input", Lines);
            WriteText(json, "startAt", StartAt?.ToString("O"));
            if (Options is not null)
            {
                json.WritePropertyName("options");
                json.WriteRawValue(Options);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    void WriteTarget(Utf8JsonWriter json)
    {
        json.WriteStartObject("target");
        json.WriteString("url", Url);
        if (Headers.Count > 0)
        {
            json.WriteStartObject("headers");
            foreach (var (name, value) in Headers)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    void WriteItems(Utf8JsonWriter json)
    {
        if (ItemsBlob is not null)
        {
            return;
        }

        json.WriteStartArray("items");
        foreach (byte[] payload in Payloads)
        {
            json.WriteStartObject();
            json.WritePropertyName("body");
            json.WriteRawValue(payload);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
