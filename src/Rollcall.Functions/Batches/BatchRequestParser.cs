using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Functions.Batches;

/// <summary>Reads a batch request without changing a byte of its payloads.</summary>
sealed class BatchRequestParser
{
    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1000 };

    // A field that is not known is an error: a caller who misspelled "timeoutSeconds" must not get the default without a word.
    static readonly JsonSerializerOptions Strict = new(RollcallJson.Compact.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    readonly ReadOnlyMemory<byte> json;
    string? id;
    BatchTarget? target;
    BatchOptions? options;
    List<BatchItem>? items;

    BatchRequestParser(ReadOnlyMemory<byte> json) => this.json = json;

    /// <summary>Reads a request.</summary>
    /// <param name="json">The request's bytes, which the items' payloads then refer to.</param>
    /// <returns>The request, valid in itself.</returns>
    /// <exception cref="InvalidInputException">The request is not one, with a sentence that says why.</exception>
    public static BatchRequest Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw Invalid("The request is not valid UTF-8.");
        }

        try
        {
            var parser = new BatchRequestParser(json);
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
            throw Invalid("The request is not a batch: an object with \"target\" and \"items\" is needed.");
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
                case "items": items = ReadItems(ref reader); break;
                default: throw Invalid($"The request has the unknown field \"{name}\": \"id\", \"target\", \"items\" and \"options\" are allowed.");
            }
        }

        // Throws where anything but white space follows.
        while (reader.Read())
        {
        }
    }

    List<BatchItem> ReadItems(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Invalid("\"items\" is not an array.");
        }

        var list = new List<BatchItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(ReadItem(ref reader, list.Count));
        }

        return list;
    }

    BatchItem ReadItem(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"items[{index}] is not an object such as {{\"id\":\"a1\",\"body\":…}}.");
        }

        string? itemId = null;
        ReadOnlyMemory<byte>? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "id":
                    itemId = ReadText(ref reader, $"items[{index}].id", BatchItem.MaxIdLength);
                    break;
                case "body":
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = json[start..(int)reader.BytesConsumed];
                    break;
                default:
                    throw Invalid($"items[{index}] has the unknown field \"{name}\": \"id\" and \"body\" are allowed.");
            }
        }

        return new BatchItem(itemId, body ?? throw Invalid($"items[{index}] has no \"body\"."));
    }

    BatchRequest Finish()
    {
        if (target is null)
        {
            throw Invalid("The request has no \"target\" with the \"url\" to send to.");
        }

        if (items is null or [])
        {
            throw Invalid("The request has no item in \"items\", so there is nothing to send.");
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
        return error is null ? new BatchRequest(id, target with { Headers = headers }, options, items) : throw Invalid(error);
    }

    static string ReadText(ref Utf8JsonReader reader, string name, int maxLength) =>
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

    static InvalidInputException Invalid(string message) => new(message, [], 0);
}
