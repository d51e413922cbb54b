namespace Rollcall.Cli.Terminal;

/// <summary>Makes sentences of texts of the system, some of which end with a full stop and some without.</summary>
static class Sentence
{
    /// <summary>A text with the full stop that another sentence can follow.</summary>
    public static string Of(string text) => text.TrimEnd() is var trimmed && trimmed is [.., '.' or '!' or '?'] ? trimmed : trimmed + ".";
}
