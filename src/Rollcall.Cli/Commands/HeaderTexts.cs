using Rollcall.Batches;
using Rollcall.Cli.Files;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the headers of a command line. No message has a value in it.</summary>
static class HeaderTexts
{
    const char FileSign = '@';

    /// <summary>Whether a text is the name of a file of headers.</summary>
    public static bool IsFile(string text) => text.StartsWith(FileSign);

    /// <summary>Reads headers that are given as <c>Name: value</c>, or as <c>@FILE</c> with one on each line.</summary>
    /// <param name="variables">Further ones as <c>NAME=VAR</c>, whose values are those of environment variables.</param>
    /// <returns>The values by name.</returns>
    /// <exception cref="CliException">One is not a header, or is given twice.</exception>
    public static Dictionary<string, string> Read(IEnumerable<string> texts, IEnumerable<string> variables)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var given = texts.SelectMany(text => IsFile(text) ? ReadFile(text[1..]) : [Parse(text, "")]);
        foreach (var (name, value) in given.Concat(variables.Select(ReadVariable)))
        {
            if (BatchTarget.FindHeaderError(name, value) is { } error)
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
        return colon < 0
            ? throw CliException.Usage($"{place}A header is given as 'Name: value'; one has no colon.")
            : (text[..colon].Trim(), text[(colon + 1)..].Trim());
    }

    static IEnumerable<(string Name, string Value)> ReadFile(string path)
    {
        try
        {
            // Blank lines are nothing, as for curl.
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
            throw CliException.Usage($"The file of headers '{path}' cannot be read: {Failures.ReasonOf(exception)}.");
        }
    }

    static (string Name, string Value) ReadVariable(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0)
        {
            throw CliException.Usage("--header-env is given as 'NAME=VAR', with the name of an environment variable; one has no '='.");
        }

        // The variable is not named: what is in its place can be the secret itself.
        string name = text[..sign].Trim();
        return Environment.GetEnvironmentVariable(text[(sign + 1)..].Trim()) is { Length: > 0 } value
            ? (name, value)
            : throw CliException.Usage($"--header-env: the environment variable of the header '{name}' is not set, or is empty.");
    }
}
