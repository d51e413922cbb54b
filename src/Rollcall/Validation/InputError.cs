using System.Globalization;
using System.Text.Json.Serialization;

namespace Rollcall.Validation;

/// <summary>
/// One error in an input, and its place: exactly one of <see cref="Line"/>, <see cref="Field"/>, <see cref="Parameter"/> and
/// <see cref="Header"/> is set.
/// </summary>
public sealed record InputError
{
    /// <summary>The number of the line, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>The JSON Pointer (RFC 6901) of the field; empty for the request as a whole.</summary>
    [JsonPropertyName("pointer")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>The name of the query parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parameter { get; init; }

    /// <summary>The name of the request header.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Header { get; init; }

    /// <summary>
    /// What is wrong and what is allowed, as the rest of a sentence whose subject is the place: "is 0: 1 to 10000 is allowed."
    /// </summary>
    public required string Message { get; init; }

    /// <summary>An error in a line.</summary>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="message">See <see cref="Message"/>.</param>
    public static InputError AtLine(long line, string message) => new() { Line = line, Message = message };

    /// <summary>An error in a field of a JSON request.</summary>
    /// <param name="message">See <see cref="Message"/>.</param>
    public static InputError AtField(string field, string message) => new() { Field = field, Message = message };

    /// <summary>An error in a query parameter.</summary>
    /// <param name="message">See <see cref="Message"/>.</param>
    public static InputError AtParameter(string parameter, string message) => new() { Parameter = parameter, Message = message };

    /// <summary>An error in a request header.</summary>
    /// <param name="message">See <see cref="Message"/>.</param>
    public static InputError AtHeader(string header, string message) => new() { Header = header, Message = message };

    /// <summary>The place and the message in one sentence.</summary>
    public override string ToString()
    {
        string place = Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : Field ?? Parameter ?? Header ?? "";
        return $"{(place.Length == 0 ? "The request" : place)} {Message}";
    }
}
