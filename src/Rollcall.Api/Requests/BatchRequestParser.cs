using System.Text;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>
/// Reads a batch request as JSON, without changing a byte of its payloads, and finds all of its errors: the items in one pass, the other
/// fields in the order in which they come.
/// </summary>
public sealed class BatchRequestParser
{
    // Everything except the items is held separately from the request's bytes, and takes several times its own size.
    const int MaxFieldBytes = 1024 * 1024;

    const string Items = "items";

    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1000 };

    readonly ReadOnlyMemory<byte> json;
    readonly ItemsSource source;
    readonly InputErrorList errors = new();
    readonly Dictionary<string, Action<JsonField>> fields;
    string? id;
    BatchTarget? target;
    bool lacksUrl;
    BatchOptions options = new();
    List<BatchItem>? items;
    DateTimeOffset? startAt;
    OnCompleted? onCompleted;

    BatchRequestParser(ReadOnlyMemory<byte> json, TimeProvider time, RequestGrants grants)
    {
        this.json = json;
        source = new ItemsSource(grants.Storage, errors);
        fields = new()
        {
            ["id"] = field => id = ReadId(field),
            ["target"] = field => target = RequestTarget.Read(field, grants, out lacksUrl),
            [Items] = _ => { },
            ["itemsBlob"] = source.ReadBlob,
            ["options"] = field => options = RequestOptions.Read(field),
            ["startAt"] = field => startAt = ReadStartAt(field, time.GetUtcNow()),
            ["onCompleted"] = field => onCompleted = RequestNotices.Read(field, grants),
        };
        foreach (string name in InputFields.Names)
        {
            fields.Add(name, field => source.ReadInput(name, field));
        }
    }

    /// <summary>Reads a request.</summary>
    /// <param name="json">The request's bytes, which the items' payloads then refer to.</param>
    /// <param name="time">The clock, to check a start time.</param>
    /// <param name="grants">The host's resources that may be named.</param>
    /// <returns>The request, valid except for the lines of a blob, which are not read yet.</returns>
    /// <exception cref="InvalidInputException">The request is invalid. The exception has all errors.</exception>
    public static BatchRequest Parse(ReadOnlyMemory<byte> json, TimeProvider time, RequestGrants grants)
    {
        json = json[ByteOrderMark.LengthIn(json.Span)..];
        if (FindInvalidByte(json.Span) is { } position)
        {
            throw new InvalidInputException(InputError.AtField("", $"is not valid UTF-8 (at byte {position + 1})."));
        }

        var parser = new BatchRequestParser(json, time, grants);
        try
        {
            parser.ReadFields();
        }
        catch (JsonException exception)
        {
            // Errors found earlier are left out: they may be mere consequences.
            throw new InvalidInputException(InputError.AtField("", $"is not JSON: {JsonFault.Describe(exception, json.Span)}"));
        }

        parser.errors.ThrowIfAny();
        return new BatchRequest(
            parser.id,
            parser.target!,
            parser.options,
            parser.source.Open(parser.items, RequestRule.Of(parser.target!, grants)),
            parser.startAt,
            parser.onCompleted);
    }

    void ReadFields()
    {
        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var names = new FieldNames("", errors, [.. fields.Keys]);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadField(ref reader, names);
            }

            names.Require("target", "an object with the \"url\" to send to");
            source.Check(names.Has(Items));
            if (lacksUrl)
            {
                source.RequireUrls(items);
            }
        }
        else
        {
            errors.Add(InputError.AtField("", "is not a batch: an object with \"target\" and \"items\" or \"itemsBlob\" is needed."));
            reader.Skip();
        }

        // Throws if anything but white space follows.
        while (reader.Read())
        {
        }
    }

    void ReadField(ref Utf8JsonReader reader, FieldNames names)
    {
        string name = JsonTexts.NameOf(ref reader);
        bool isAccepted = names.Accept(name);
        reader.Read();
        if (isAccepted && name == Items)
        {
            items = new RequestItems(json, errors).Read(ref reader);
            return;
        }

        var start = reader;
        reader.Skip();
        if (!isAccepted)
        {
            return;
        }

        if (reader.BytesConsumed - start.TokenStartIndex > MaxFieldBytes)
        {
            errors.Add(
                InputError.AtField(
                    JsonPointer.Append("", name),
                    $"is longer than {MaxFieldBytes} bytes, which is the most for all but the items."));
            return;
        }

        fields[name](new JsonField(JsonElement.ParseValue(ref start), JsonPointer.Append("", name), errors));
    }

    static string? ReadId(JsonField field)
    {
        string? read = field.ReadText($"a string of 1 to {BatchManifest.MaxIdLength} characters");
        field.Refuse(read is null || BatchManifest.IsValidId(read) ? null : $"is '{ShortText.Of(read)}': {BatchManifest.IdNeeded}.");
        return read;
    }

    static DateTimeOffset? ReadStartAt(JsonField field, DateTimeOffset now)
    {
        if (field.IsNull || field.ReadText(StartTime.Needed) is not { } text)
        {
            return null;
        }

        field.Refuse(StartTime.Read(text, now, out var startAt));
        return startAt;
    }

    static int? FindInvalidByte(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return null;
        }

        int position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}
