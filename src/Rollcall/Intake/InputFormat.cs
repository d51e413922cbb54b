using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Intake;

/// <summary>What an item of an input is.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<InputFormat>))]
public enum InputFormat
{
    /// <summary>A line, which is the payload: a JSON value.</summary>
    Lines,

    /// <summary>
    /// A line that is an envelope: <c>{"id":"a1","body":…}</c>, where <c>body</c> is the payload and <c>id</c> may be left out.
    /// </summary>
    Items,

    /// <summary>
    /// A line that is a request: <c>{"id":…,"method":…,"url":…,"headers":…}</c> and at most one of <c>body</c>, <c>text</c>,
    /// <c>base64</c>, <c>form</c> and <c>file</c>. A batch file of OpenAI is such an input.
    /// </summary>
    Requests,

    /// <summary>An element of one JSON array.</summary>
    Json,

    /// <summary>A row of comma-separated values (RFC 4180) below a header, as a JSON object of its columns.</summary>
    Csv,

    /// <summary>The same with tabs.</summary>
    Tsv,

    /// <summary>A line, which is a URL. It is requested with GET and without a body.</summary>
    Urls,
}

/// <summary>The spelling of <see cref="InputFormat"/> in requests, and how a format is found.</summary>
static class InputFormats
{
    public static readonly string Allowed = ListAllowed();

    /// <summary>The first bytes that are needed to find a format, unless a line ends earlier.</summary>
    public const int StartLength = 64 * 1024;

    /// <summary>Whether the items of a format have URLs of their own, which may be relative.</summary>
    public static bool HasUrls(InputFormat? format) => format is InputFormat.Urls or InputFormat.Requests;

    /// <summary>Finds a format by the ending of a file's name and its first bytes.</summary>
    /// <param name="name">The name or path of the file; null if it has none.</param>
    /// <param name="start">The first bytes, unpacked: <see cref="StartLength"/>, or up to the first line's end.</param>
    /// <returns>The format; <see cref="InputFormat.Lines"/> if nothing says otherwise.</returns>
    public static InputFormat Find(string? name, ReadOnlySpan<byte> start)
    {
        byte first = start.TrimStart(" \t\r\n"u8) is [var character, ..] ? character : (byte)0;
        return EndingOf(name) switch
        {
            ".csv" => InputFormat.Csv,
            ".tsv" => InputFormat.Tsv,
            ".json" when first == '[' => InputFormat.Json,
            ".txt" when !"{[\""u8.Contains(first) => InputFormat.Urls,
            ".jsonl" or ".ndjson" when IsRequest(start) => InputFormat.Requests,
            _ => InputFormat.Lines,
        };
    }

    static string EndingOf(string? name)
    {
        string file = Path.GetFileName(name ?? "").ToLowerInvariant();
        return Path.GetExtension(file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^".gz".Length] : file);
    }

    // Whether the first object has a method and a URL. It may go on after the start.
    static bool IsRequest(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000 }));
        bool hasMethod = false;
        bool hasUrl = false;
        try
        {
            while (reader.Read() && reader.CurrentDepth > 0 | reader.TokenType == JsonTokenType.StartObject)
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    hasMethod |= reader.ValueTextEquals("method"u8);
                    hasUrl |= reader.ValueTextEquals("url"u8);
                }
            }
        }
        catch (JsonException)
        {
            // What is wrong with the line is said when it is read.
        }

        return hasMethod && hasUrl;
    }

    static string ListAllowed()
    {
        string[] names = [.. KebabCase.AllOf<InputFormat>().Select(name => $"'{name}'")];
        return $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }
}
