namespace Rollcall.Cli.Terminal;

/// <summary>Writes messages to the user.</summary>
static class StandardError
{
    /// <summary>Writes a line, safe for a terminal. A line that cannot be written is dropped.</summary>
    public static void WriteLine(string text) => Console.Error.WriteLine(PlainText.Of(text));
}
