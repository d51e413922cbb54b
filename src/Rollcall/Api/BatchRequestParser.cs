using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Api;

/// <summary>Reads a batch request as JSON, without changing a byte of its payloads.</summary>
public sealed class BatchRequestParser
{
    // Azure Blob Storage: a container's name has up to 63 characters, a blob's up to 1,024.
    const int MaxBlobPathLength = 63 + 1 + 1024;
    const string Allowed = "\"id\", \"target\", \"items\", \"itemsBlob\", \"lines\" and \"options\"";

    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1000 };

    // A field that is not known is an error: a caller who misspelled "timeoutSeconds" must not get the default without a word.
    static readonly JsonSerializerOptions Strict = new(RollcallJson.Compact.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    readonly ReadOnlyMemory<byte> json;
    readonly ItemsBlobOpener? openBlob;
    string? id;
    BatchTarget? target;
    BatchOptions? options;
    List<BatchItem>? items;
    string? itemsBlob;
    LineFormat? lines;

    BatchRequestParser(ReadOnlyMemory<byte> json, ItemsBlobOpener? openBlob)
    {
        this.json = json;
        this.openBlob = openBlob;
    }

    /// <summary>Reads a request.</summary>
    /// <param name="json">The request's bytes, which the items' payloads then refer to.</param>
    /// <param name="openBlob">Opens a blob of items; null where the host has no blobs.</param>
    /// <returns>The request, valid but for the lines of a blob.</returns>
    /// <exception cref="InvalidInputException">The request is not one, with a sentence that says why.</exception>
    public static BatchRequest Parse(ReadOnlyMemory<byte> json, ItemsBlobOpener? openBlob)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw Invalid("The request is not valid UTF-8.");
        }

        try
        {
            var parser = new BatchRequestParser(json, openBlob);
            parser.ReadFields();
            return parser.Finish();
        }
        catch (JsonException exception)
        {
            throw Invalid($"The request is not a batch: {exception.Message}");
        }
    }

    void ReadFields()
    {
        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid("The request is not a batch: an object with \"target\" and \"items\" or \"itemsBlob\" is needed.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "id": id = ReadText(ref reader, "id", BatchManifest.MaxIdLength); break;
                case "target": target = Read<BatchTarget>(ref reader, name); break;
                case "options": options = Read<BatchOptions>(ref reader, name); break;
                case "items": items = RequestItems.Read(ref reader, json); break;
                case "itemsBlob": itemsBlob = ReadText(ref reader, "itemsBlob", MaxBlobPathLength); break;
                case "lines": lines = ReadLines(ref reader); break;
                default: throw Invalid($"The request has the unknown field \"{name}\": {Allowed} are allowed.");
            }
        }

        // Throws where anything but white space follows.
        while (reader.Read())
        {
        }
    }

    BatchRequest Finish()
    {
        if (target is null)
        {
            throw Invalid("The request has no \"target\" with the \"url\" to send to.");
        }

        if (id is not null && !BatchManifest.IsValidId(id))
        {
            throw Invalid($"The id '{id}' is not allowed: 1 to {BatchManifest.MaxIdLength} of A-Z a-z 0-9 - _ are.");
        }

        var headers = target.Headers ?? new Dictionary<string, TargetHeader>();
        options ??= new BatchOptions();
        string? error = BatchTarget.FindUrlError(target.Url ?? "")
            ?? headers.Select(h => BatchTarget.FindHeaderError(h.Key, h.Value.Value ?? "")).FirstOrDefault(e => e is not null)
            ?? options.FindError();
        return error is null ? new BatchRequest(id, target with { Headers = headers }, options, FindItems()) : throw Invalid(error);
    }

    IAsyncEnumerable<BatchItem> FindItems()
    {
        if (items is not null && itemsBlob is not null)
        {
            throw Invalid("The request has both \"items\" and \"itemsBlob\": one of them is allowed.");
        }

        if (itemsBlob is not null)
        {
            return openBlob is null
                ? throw Invalid("This host has no blobs, so \"itemsBlob\" is not allowed: send the lines as application/x-ndjson.")
                : ReadBlobAsync(openBlob, itemsBlob, lines ?? LineFormat.Payload);
        }

        if (lines is not null)
        {
            throw Invalid("\"lines\" says what the lines of \"itemsBlob\" are, and there is none.");
        }

        return items is { Count: > 0 } ? items.ToAsyncEnumerable() : throw Invalid("The request has no item in \"items\", so there is nothing to send.");
    }

    static async IAsyncEnumerable<BatchItem> ReadBlobAsync(
        ItemsBlobOpener open,
        string path,
        LineFormat format,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var blob = await open(path, cancellationToken)
            ?? throw Invalid($"There is no blob '{path}': \"itemsBlob\" is a container, a slash, and the name of a blob in this app's storage account.");
        await foreach (var item in JsonLines.ReadAsync(blob, format, cancellationToken))
        {
            yield return item;
        }
    }

    static LineFormat ReadLines(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && LineFormats.Parse(reader.GetString()!) is { } format
            ? format
            : throw Invalid($"\"lines\" is not one of {LineFormats.Allowed}.");

    internal static string ReadText(ref Utf8JsonReader reader, string name, int maxLength) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text && text.Length <= maxLength
            ? text
            : throw Invalid($"{name} is not a string of 1 to {maxLength} characters.");

    static T? Read<T>(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, Strict);
        }
        catch (JsonException exception)
        {
            throw Invalid($"\"{name}\" is not allowed as it is: {exception.Message}");
        }
    }

    internal static InvalidInputException Invalid(string message) => new(message, [], 0);
}
