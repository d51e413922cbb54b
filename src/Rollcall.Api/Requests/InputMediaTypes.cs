using Microsoft.Net.Http.Headers;
using Rollcall.Intake;

namespace Rollcall.Api.Requests;

/// <summary>The media types of bodies that are an input.</summary>
static class InputMediaTypes
{
    /// <summary>The type of lines. It also stands for every format that the request names.</summary>
    public const string Lines = "application/x-ndjson";

    const string Csv = "text/csv";
    const string Tsv = "text/tab-separated-values";

    /// <summary>What a body may be.</summary>
    public const string Allowed = $"{Lines}, {Csv} or {Tsv}";

    /// <summary>The format of a body whose request does not name one; null if the body is no input.</summary>
    public static InputFormat? Find(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out var type) ? null
        : type.MediaType.Equals(Lines, StringComparison.OrdinalIgnoreCase) ? InputFormat.Lines
        : type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase) ? InputFormat.Csv
        : type.MediaType.Equals(Tsv, StringComparison.OrdinalIgnoreCase) ? InputFormat.Tsv
        : null;
}
