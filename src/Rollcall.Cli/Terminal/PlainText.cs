using System.Globalization;
using System.Text;

namespace Rollcall.Cli.Terminal;

/// <summary>Texts from elsewhere (a server, a file's name) as a terminal may get them.</summary>
static class PlainText
{
    /// <summary>
    /// The text in one line, without the characters that a terminal would obey or that show it as another one: controls (ESC, C1), line
    /// separators, and what is not seen, such as the marks that turn the direction of writing. A space is in the place of each.
    /// </summary>
    public static string Of(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsSeen(rune) ? rune.ToString() : " ")).Trim();

    static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
