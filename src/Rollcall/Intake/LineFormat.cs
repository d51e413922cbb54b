using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Intake;

/// <summary>What one line of an input file contains.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<LineFormat>))]
public enum LineFormat
{
    /// <summary>The line is the payload.</summary>
    Payload,

    /// <summary>
    /// The line is an envelope: <c>{"id":"a1","body":…}</c>, where <c>body</c> is the payload and <c>id</c> may be left out.
    /// </summary>
    Items,
}

/// <summary>The spelling of <see cref="LineFormat"/> in requests.</summary>
static class LineFormats
{
    public const string Allowed = "'payload' and 'items'";

    /// <summary>Reads a format.</summary>
    /// <returns>The format, or null if the text is not one.</returns>
    public static LineFormat? Parse(string text) => text switch
    {
        "payload" => LineFormat.Payload,
        "items" => LineFormat.Items,
        _ => null,
    };
}
