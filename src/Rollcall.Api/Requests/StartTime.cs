using System.Globalization;
using System.Text.RegularExpressions;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>Reads the start time of a batch.</summary>
static partial class StartTime
{
    /// <summary>What is allowed.</summary>
    public const string Needed = "an RFC 3339 date-time with an offset, such as 2026-01-31T08:00:00+01:00,";

    static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>Reads a time.</summary>
    /// <returns>What is wrong with the text, as the rest of a sentence whose subject is the text; null if nothing is.</returns>
    public static string? Read(string text, DateTimeOffset now, out DateTimeOffset startAt)
    {
        // RFC 3339, section 5.6, allows lower case, and any number of digits after the point; ticks have seven.
        var match = DateTime().Match(text);
        string exact = match.Success
            ? $"{match.Groups["time"].Value}{match.Groups["fraction"].Value}{match.Groups["offset"].Value}".ToUpperInvariant()
            : "";
        const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
        if (!DateTimeOffset.TryParseExact(exact, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out startAt))
        {
            return $"is '{ShortText.Of(text)}': {Needed} is needed.";
        }

        return startAt - now <= Furthest ? null : $"is '{ShortText.Of(text)}', which is too far away: up to 366 days from now is allowed.";
    }

    [GeneratedRegex(
        @"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?:(?<fraction>\.[0-9]{1,7})[0-9]*)?"
            + @"(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DateTime();
}
