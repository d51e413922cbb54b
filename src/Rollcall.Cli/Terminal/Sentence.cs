namespace Rollcall.Cli.Terminal;

/// <summary>Turns system messages into sentences. Only some of them end with a full stop.</summary>
static class Sentence
{
    /// <summary>The text, ending with a full stop unless it already ends a sentence.</summary>
    public static string Of(string text) => text.TrimEnd() is var trimmed && trimmed is [.., '.' or '!' or '?'] ? trimmed : trimmed + ".";
}
