using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the times of options: RFC 3339, section 5.6, with the offset from UTC that it requires.</summary>
static class TimeText
{
    /// <summary>Makes an option that is a time.</summary>
    public static Option<DateTimeOffset?> CreateOption(string name, string description) =>
        new(name) { Description = description, HelpName = "RFC3339", CustomParser = Parse };

    static DateTimeOffset? Parse(ArgumentResult result)
    {
        string given = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        var time = Rfc3339.Find(given);
        if (time is null)
        {
            NumberText.Refuse(result, given, "a time with its offset from UTC, such as 2026-01-31T22:00:00Z,");
        }

        return time;
    }
}
