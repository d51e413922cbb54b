using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary>Creates options whose values are an enum's, spelled as in the results.</summary>
static class KebabCaseOption
{
    /// <summary>Creates an option that may be repeated, and may have several values separated by commas.</summary>
    public static Option<T[]> CreateSeveral<T>(string name, string description, string helpName)
        where T : struct, Enum => WithNamesOf<T, T[]>(new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Parse<T>,
        });

    /// <summary>Creates an option with one value.</summary>
    public static Option<T?> CreateOne<T>(string name, string description)
        where T : struct, Enum => WithNamesOf<T, T?>(new(name)
        {
            Description = description,
            HelpName = string.Join('|', KebabCase.AllOf<T>()),
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse<T>(result) is [var value] ? value : null,
        });

    // The parser would offer the enum's values as spelled in the code.
    static Option<TValue> WithNamesOf<T, TValue>(Option<TValue> option)
        where T : struct, Enum
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. KebabCase.AllOf<T>()]);
        return option;
    }

    static T[] Parse<T>(ArgumentResult result)
        where T : struct, Enum
    {
        string[] texts = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
        if (texts.FirstOrDefault(text => KebabCase.Find<T>(text) is null) is { } wrong)
        {
            var names = KebabCase.AllOf<T>();
            NumberText.Refuse(result, wrong, $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}");
            return [];
        }

        return [.. texts.Select(KebabCase.Find<T>).OfType<T>().Distinct()];
    }
}
