using System.Globalization;
using System.Text;

namespace Rollcall.Cli.Terminal;

/// <summary>Makes texts from elsewhere (a server, a file's name) safe for a terminal.</summary>
static class PlainText
{
    /// <summary>
    /// The text in one line. Characters that control a terminal or disguise the text are replaced by a space: controls (ESC, C1), line
    /// separators, and invisible characters such as direction marks.
    /// </summary>
    public static string Of(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsSeen(rune) ? rune.ToString() : " ")).Trim();

    static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
