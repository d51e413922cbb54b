using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the times of options: RFC 3339, section 5.6, with the offset from UTC that it requires.</summary>
static class TimeText
{
    static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"];

    /// <summary>Creates an option whose value is a time.</summary>
    public static Option<DateTimeOffset?> CreateOption(string name, string description) =>
        new(name) { Description = description, HelpName = "RFC3339", CustomParser = Parse };

    static DateTimeOffset? Parse(ArgumentResult result)
    {
        string given = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        string text = given.ToUpperInvariant();

        // A time without an offset would be read in each reader's own time zone.
        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (hasOffset && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        NumberText.Refuse(result, given, "a time with its offset from UTC, such as 2026-01-31T22:00:00Z,");
        return null;
    }
}
