using Rollcall.Batches;

namespace Rollcall.Cli.Commands;

/// <summary>Reads the headers of a command line.</summary>
static class HeaderTexts
{
    /// <summary>Reads headers that are given as <c>Name: value</c>.</summary>
    /// <param name="texts">The headers.</param>
    /// <returns>The values by name.</returns>
    /// <exception cref="CliException">One is not a header, or is given twice. The message has no value in it.</exception>
    public static Dictionary<string, string> Read(IEnumerable<string> texts)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string text in texts)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw CliException.Usage("A header is given as 'Name: value'; one has no colon.");
            }

            string name = text[..colon].Trim();
            string value = text[(colon + 1)..].Trim();
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
}
