using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rollcall.Cli.Commands;

/// <summary>Words of a command line, quoted for a shell.</summary>
static class ShellWord
{
    const string Harmless = "-_./:=@%+,";

    // Their values are not shown; the user fills them in again.
    static readonly string[] Secret = ["--key", "--header", "-H", "--secret-header", "--webhook", "--webhook-secret"];

    /// <summary>A word, in quotes if the shell would otherwise interpret it.</summary>
    public static string Of(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Harmless.Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The command line as given, without its secrets.</summary>
    public static string Repeat(ParseResult parsed)
    {
        var words = new List<string> { "rollcall" };
        string option = "";
        foreach (var token in parsed.Tokens)
        {
            option = token.Type == TokenType.Argument ? option : token.Value;
            words.Add(token.Type != TokenType.Argument ? Of(token.Value) : OfValue(option, token.Value));
        }

        return string.Join(' ', words);
    }

    static string OfValue(string option, string value)
    {
        if (Secret.Contains(option) && !HeaderTexts.IsFile(value))
        {
            return "'…'";
        }

        int query = option == "--to" ? value.IndexOf('?', StringComparison.Ordinal) : -1;
        return query < 0 ? Of(value) : $"'{value[..query].Replace("'", "'\\''", StringComparison.Ordinal)}?…'";
    }
}
