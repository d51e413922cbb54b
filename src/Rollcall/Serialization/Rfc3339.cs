using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollcall.Serialization;

/// <summary>
/// Times as texts: the date-time of RFC 3339, section 5.6. As its notes allow, the letters may be in lower case, and a space may stand for
/// the T.
/// </summary>
static partial class Rfc3339
{
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>Writes a time in UTC.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads a time. Its fraction may have any number of digits, of which seven count.</summary>
    /// <returns>The time with the offset that it has; null if the text is none.</returns>
    public static DateTimeOffset? Find(string text)
    {
        var match = DateTime().Match(text);
        string exact = string.Concat(
                match.Groups["date"].Value,
                "T",
                match.Groups["time"].Value,
                match.Groups["fraction"].Value,
                match.Groups["offset"].Value)
            .ToUpperInvariant();
        return DateTimeOffset.TryParseExact(exact, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:(?<fraction>\.[0-9]{1,7})[0-9]*)?"
            + @"(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DateTime();
}
