using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes an item of a line that is a request. A batch file of OpenAI has such lines.</summary>
/// <param name="folder">The folder of files that a request may name; null if it may name none.</param>
sealed class RequestLine(string? folder)
{
    const string Example = "{\"id\":\"a1\",\"method\":\"PUT\",\"url\":\"…\",\"body\":…}";
    const string ContentType = "Content-Type";

    static readonly IReadOnlyList<string> Fields = ["id", "custom_id", "method", "url", "headers", .. RequestBody.Kinds];
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = LineParser.MaxDepth };

    /// <summary>Whether a field is one that a request has, and an item's envelope does not.</summary>
    public static bool IsOwnField(string name) => name is not ("id" or "body") && Fields.Contains(name);

    /// <summary>Parses a line: see <see cref="LineParse"/>.</summary>
    public string? Parse(byte[] line, out BatchItem? item)
    {
        item = null;
        if (!Utf8.IsValid(line))
        {
            return LineParser.NotUtf8;
        }

        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return LineParser.DescribeOther(
                    json.RootElement.ValueKind == JsonValueKind.Array ? JsonTokenType.StartArray : JsonTokenType.None,
                    $"a request: an object such as {Example}");
            }

            item = Read(json.RootElement);
            return null;
        }
        catch (JsonException exception)
        {
            return $"is not JSON: {JsonFault.Describe(exception, line)}";
        }
        catch (RefusedException exception)
        {
            return exception.Message;
        }
    }

    BatchItem Read(JsonElement request)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in request.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            Require(Fields.Contains(name), name, NearName.Describe(name, Fields));
            Require(fields.TryAdd(name, property.Value), name, "is there more than once.");
        }

        bool hasTwoIds = fields.ContainsKey("custom_id") && fields.ContainsKey("id");
        Require(!hasTwoIds, "custom_id", "is there beside \"id\": one of them is allowed.");
        string[] bodies = [.. RequestBody.Kinds.Where(fields.ContainsKey)];
        Require(
            bodies.Length < 2,
            bodies.LastOrDefault() ?? "",
            $"is there beside \"{bodies.FirstOrDefault()}\": at most one of {NearName.List(RequestBody.Kinds)} is allowed.");
        var headers = fields.TryGetValue("headers", out var given) ? ReadHeaders(given) : new(StringComparer.OrdinalIgnoreCase);
        byte[] payload = [];
        if (bodies is [var kind])
        {
            string? error = RequestBody.Read(kind, fields[kind], folder, out payload, out string? type);
            Require(error is null, kind, error ?? "");
            headers.TryAdd(ContentType, type!);
        }

        var head = new RequestHead(ReadMethod(fields), ReadUrl(fields), headers.Count == 0 ? null : headers, bodies.Length > 0);
        return new BatchItem(ReadId(fields), payload) { Head = head };
    }

    static string? ReadId(Dictionary<string, JsonElement> fields)
    {
        string name = fields.ContainsKey("custom_id") ? "custom_id" : "id";
        if (FindText(fields, name) is not { } id)
        {
            return null;
        }

        Require(
            id.Length is > 0 and <= BatchItem.MaxIdLength,
            name,
            $"has {id.Length} characters: a string of 1 to {BatchItem.MaxIdLength} characters is needed.");
        return id;
    }

    static string? ReadMethod(Dictionary<string, JsonElement> fields)
    {
        const int MaxLength = 32;
        if (FindText(fields, "method") is not { } method)
        {
            return null;
        }

        bool isMethod = method.Length is > 0 and <= MaxLength && method.All(char.IsAsciiLetter);
        Require(isMethod, "method", $"is '{ShortText.Of(method)}': letters are needed, such as POST.");
        return method.ToUpperInvariant();
    }

    static string? ReadUrl(Dictionary<string, JsonElement> fields)
    {
        if (FindText(fields, "url") is not { } url)
        {
            return null;
        }

        return UrlLine.FindError(url) is { } error ? throw new RefusedException(error) : url;
    }

    static Dictionary<string, string> ReadHeaders(JsonElement given)
    {
        Require(given.ValueKind == JsonValueKind.Object, "headers", $"is {JsonKind.Of(given)}: an object of strings is needed.");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in given.EnumerateObject())
        {
            string name = JsonTexts.NameOf(property);
            string? value = property.Value.ValueKind == JsonValueKind.String ? JsonTexts.Find(property.Value) : null;
            Require(value is not null, "headers", $"has a \"{ShortText.Of(name)}\" that is no text: a string is needed.");
            Require(BatchTarget.FindHeaderError(name, value!) is null, "headers", $"is wrong: {BatchTarget.FindHeaderError(name, value!)}");
            Require(headers.TryAdd(name, value!), "headers", $"has \"{ShortText.Of(name)}\" more than once.");
        }

        return headers;
    }

    static string? FindText(Dictionary<string, JsonElement> fields, string name)
    {
        if (!fields.TryGetValue(name, out var value))
        {
            return null;
        }

        Require(value.ValueKind == JsonValueKind.String, name, $"is {JsonKind.Of(value)}: a string is needed.");
        Require(JsonTexts.Find(value) is not null, name, JsonTexts.HalfCharacter);
        return JsonTexts.Find(value);
    }

    static void Require(bool isRight, string field, string error)
    {
        if (!isRight)
        {
            throw new RefusedException($"has a request whose \"{ShortText.Of(field)}\" {error}");
        }
    }

    /// <summary>What is wrong with a request. It does not leave this class.</summary>
    [SuppressMessage("Design", "CA1064", Justification = "Nothing outside of this class can catch it.")]
    sealed class RefusedException(string message) : Exception(message);
}
