using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary>Makes options whose values are those of an enum, in the spelling that the results have.</summary>
static class KebabCaseOption
{
    /// <summary>Makes an option that may be given several times, and may have several values with commas between them.</summary>
    public static Option<T[]> CreateSeveral<T>(string name, string description, string helpName)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Parse<T>,
        };

    static T[] Parse<T>(ArgumentResult result)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>().ToDictionary(value => KebabCase.Of(value), StringComparer.Ordinal);
        string[] texts = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
        if (texts.FirstOrDefault(text => !values.ContainsKey(text)) is { } wrong)
        {
            result.AddError($"'{wrong}' is not allowed: {string.Join(", ", values.Keys)} are.");
            return [];
        }

        return [.. texts.Select(text => values[text]).Distinct()];
    }
}
