namespace Rollcall.Cli.Terminal;

/// <summary>Says something to the user beside what a command writes.</summary>
static class StandardError
{
    /// <summary>Writes a line, whatever is in the text. One that cannot be written is dropped.</summary>
    public static void WriteLine(string text) => Console.Error.WriteLine(PlainText.Of(text));
}
