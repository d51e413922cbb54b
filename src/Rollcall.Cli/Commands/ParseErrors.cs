using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary>Describes in one line what is wrong with a command line.</summary>
static class ParseErrors
{
    /// <summary>Describes what is wrong, and which name may have been meant.</summary>
    /// <returns>Sentences, the last of which says where to find help; null if nothing is wrong.</returns>
    public static string? Describe(ParseResult parsed)
    {
        // A completion request is for a line that is still being typed, so its errors do not count.
        var directives = ((RootCommand)parsed.RootCommandResult.Command).Directives;
        if (directives.Select(parsed.GetResult).FirstOrDefault(result => result is not null) is { } suggest)
        {
            return IsPosition(suggest, parsed.Tokens[^1].Value)
                ? null
                : "[suggest:N] takes the command line typed so far; N is the position of the cursor in it.";
        }

        string command = parsed.CommandResult.Command is RootCommand ? "rollcall" : $"rollcall {parsed.CommandResult.Command.Name}";
        string[] unknown = [
            .. FindUnknown(parsed).Select(token => DescribeUnknown(parsed.CommandResult.Command, command, token)).Distinct()];

        // What follows an unknown name is misread too, so only the name is worth reporting.
        string[] errors = unknown.Length > 0 ? unknown : [.. parsed.Errors.Select(error => OnOneLine(error.Message))];
        return errors.Length == 0 ? null : $"{string.Join(' ', errors)} See '{command} --help'.";
    }

    static bool IsPosition(DirectiveResult suggest, string line) =>
        suggest.Values is [var text]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
            && position <= line.Length;

    // The parser takes an unknown option for an argument. After "--" it is one.
    static IEnumerable<string> FindUnknown(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0)
        {
            return parsed.UnmatchedTokens.Take(1);
        }

        var arguments = parsed.CommandResult.Children
            .OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value);
        var meant = parsed.Tokens
            .SkipWhile(token => token.Type != TokenType.DoubleDash)
            .Select(token => token.Value)
            .ToHashSet(StringComparer.Ordinal);
        return arguments.Concat(parsed.UnmatchedTokens).Where(text => text.Length > 1 && text[0] == '-' && !meant.Contains(text));
    }

    static string DescribeUnknown(Command command, string path, string token)
    {
        if (!token.StartsWith('-'))
        {
            return $"'{ShortText.Of(token)}' is not a command.{Suggest(token, command.Subcommands.Select(sub => sub.Name))}";
        }

        // The value is left out: it may be a secret.
        string name = token.Split('=', ':')[0];
        var options = command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(
            known => known.StartsWith("--", StringComparison.Ordinal));
        return $"'{ShortText.Of(name)}' is not an option of '{path}'.{Suggest(name, options.Append("--help"))}";
    }

    static string Suggest(string name, IEnumerable<string> known) =>
        (name[0] != '-' || name.StartsWith("--", StringComparison.Ordinal)) && NearName.Find(name, known) is { } near
            ? $" Did you mean {near}?"
            : "";

    static string OnOneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
