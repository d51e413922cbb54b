using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Batches;

/// <summary>The option that names the response headers that are kept: in JSON an array, in a query a list with commas.</summary>
sealed class HeaderNamesOption(string name) : OptionField(name)
{
    public override string Needed => "an array of names of headers";

    public override string? FindError(BatchOptions options) => RecordOptions.FindError(options.Record.KeepHeaders);

    public override string? Read(JsonElement value, BatchOptions options)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return Set([], options);
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(header => JsonTexts.Find(header) is not null)
            ? Set([.. value.EnumerateArray().Select(header => header.GetString()!)], options)
            : $"is {(value.ValueKind == JsonValueKind.Array ? "an array of other values" : JsonKind.Of(value))}: {Needed} is needed.";
    }

    public override string? Read(string value, BatchOptions options) =>
        Set([.. value.Split(',').Select(header => header.Trim(' '))], options);

    public override string? FindText(BatchOptions options) =>
        options.Record.KeepHeaders.Count == 0 ? null : string.Join(',', options.Record.KeepHeaders);

    // RFC 9110, section 5.1: names are case-insensitive.
    static string? Set(IReadOnlyList<string> headers, BatchOptions options)
    {
        if (RecordOptions.FindError(headers) is { } error)
        {
            return error;
        }

        options.Record = options.Record with { KeepHeaders = [.. headers.Select(header => header.ToLowerInvariant())] };
        return null;
    }
}
