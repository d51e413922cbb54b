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
    public static readonly string Allowed = string.Join(" and ", KebabCase.AllOf<LineFormat>().Select(name => $"'{name}'"));
}
