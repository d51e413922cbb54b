using System.Text.RegularExpressions;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Templates;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the headers of a command line. No message contains a header's value.</summary>
static partial class HeaderTexts
{
    const char FileSign = '@';

    /// <summary>The headers whose values are templates over the fields of an item, in order.</summary>
    public static IReadOnlyList<NamedTemplate> Templates(IReadOnlyDictionary<string, string> headers) =>
        [.. headers.Where(header => TextTemplate.IsOne(header.Value)).Select(header => new NamedTemplate(header.Key, header.Value))];

    /// <summary>Whether a template names an environment variable.</summary>
    public static bool NamesVariable(string text) => Variable().IsMatch(text);

    /// <summary>Whether a text names a file of headers.</summary>
    public static bool IsFile(string text) => text.StartsWith(FileSign);

    /// <summary>Reads headers given as <c>Name: value</c>, or as <c>@FILE</c> with one per line.</summary>
    /// <param name="variables">More headers as <c>NAME=VAR</c>, whose values come from environment variables.</param>
    /// <returns>The values by name.</returns>
    /// <exception cref="CliException">A header is malformed or given twice.</exception>
    public static Dictionary<string, string> Read(IEnumerable<string> texts, IEnumerable<string> variables)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var given = texts.SelectMany(text => IsFile(text) ? ReadFile(text[1..]) : [Parse(text, "")]);
        foreach (var (name, text) in given.Concat(variables.Select(ReadVariable)))
        {
            string value = WithVariables(name, text);

            // What a template makes is checked for each item.
            if (BatchTarget.FindHeaderError(name, TextTemplate.IsOne(value) ? "" : value) is { } error)
            {
                throw CliException.Usage(error);
            }

            if (!headers.TryAdd(name, value))
            {
                throw CliException.Usage($"The header '{name}' is given twice.");
            }
        }

        return headers;
    }

    static (string Name, string Value) Parse(string text, string place)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            throw CliException.Usage($"{place}A header must be 'Name: value'; one has no colon.");
        }

        return (text[..colon].Trim(), text[(colon + 1)..].Trim());
    }

    static IEnumerable<(string Name, string Value)> ReadFile(string path)
    {
        try
        {
            // Blank lines are ignored, as in curl.
            return
            [
                .. File
                    .ReadAllLines(path)
                    .Index()
                    .Where(line => !string.IsNullOrWhiteSpace(line.Item))
                    .Select(line => Parse(line.Item, $"{path}:{line.Index + 1}: ")),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The header file '{path}' cannot be read: {Failures.ReasonOf(exception)}.");
        }
    }

    // {{env.NAME}} is the environment variable: a secret, so it cannot stand beside what is stored with each item.
    static string WithVariables(string name, string text)
    {
        string value = Variable().Replace(
            text, match => Environment.GetEnvironmentVariable(match.Groups["name"].Value) is { Length: > 0 } found
            ? found
            : throw CliException.Usage(
                $"The header '{name}': the environment variable {match.Groups["name"].Value} is not set or is empty."));
        return Variable().IsMatch(text) && TextTemplate.IsOne(Variable().Replace(text, ""))
            ? throw CliException.Usage(
                $"The header '{name}' has both an environment variable, which is a secret, and a field of the item, which is stored. Use "
                + "two "
                + "headers.")
            : value;
    }

    [GeneratedRegex(@"\{\{\s*env\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}")]
    private static partial Regex Variable();

    static (string Name, string Value) ReadVariable(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0)
        {
            throw CliException.Usage("--header-env must be 'NAME=VAR', where VAR is an environment variable; one has no '='.");
        }

        // The message does not name the variable: the user may have put the secret itself in its place.
        string name = text[..sign].Trim();
        return Environment.GetEnvironmentVariable(text[(sign + 1)..].Trim()) is { Length: > 0 } value
            ? (name, value)
            : throw CliException.Usage($"--header-env: the environment variable for the header '{name}' is not set or is empty.");
    }
}
