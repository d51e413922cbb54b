namespace Rollcall.Cli.Terminal;

static class PlainText
{
    /// <summary>A text from elsewhere in one line, without the characters that a terminal would obey.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
