using System.Text;
using Rollcall.Validation;

namespace Rollcall.Results;

/// <summary>Finds where the text of a JSON string may be cut.</summary>
static class JsonText
{
    /// <summary>Measures how much of a string can be taken without splitting an escape, a UTF-8 sequence or a surrogate pair.</summary>
    /// <param name="text">What follows the opening quote, which may be cut anywhere.</param>
    /// <param name="maxLength">The maximum length, in UTF-16 code units.</param>
    /// <param name="isWhole">Whether that is all of it, so that the closing quote follows.</param>
    /// <returns>The number of bytes.</returns>
    public static int Measure(ReadOnlySpan<byte> text, int maxLength, out bool isWhole)
    {
        int at = 0;
        int length = 0;
        while (at < text.Length && text[at] != (byte)'"')
        {
            var (bytes, units) = text[at] switch
            {
                (byte)'\\' => SizeOfEscape(text[at..]),
                < 0x80 => (1, 1),
                < 0xE0 => (2, 1),
                < 0xF0 => (3, 1),
                _ => (4, 2),
            };
            if (at + bytes > text.Length || length + units > maxLength)
            {
                break;
            }

            at += bytes;
            length += units;
        }

        isWhole = at < text.Length && text[at] == (byte)'"';
        return at;
    }

    /// <summary>Reads as much of a JSON value as fits in a cell.</summary>
    /// <param name="json">The value and what follows it, which may be cut anywhere.</param>
    /// <param name="maxLength">The maximum length, in UTF-16 code units.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    public static string Cell(ReadOnlySpan<byte> json, int maxLength, out bool isWhole)
    {
        var scan = new JsonScan();
        scan.Begin();
        int length = scan.Take(json);
        string text = Encoding.UTF8.GetString(json[..length]);
        isWhole = length < json.Length && text.Length <= maxLength;
        int most = Math.Min(text.Length, maxLength);
        return isWhole ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    // RFC 8259, section 7: \uXXXX, twice for characters outside the basic multilingual plane, or a backslash and one character.
    static (int Bytes, int Units) SizeOfEscape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[1] != (byte)'u')
        {
            return (2, 1);
        }

        return IsHighSurrogate(text) ? (12, 2) : (6, 1);
    }

    static bool IsHighSurrogate(ReadOnlySpan<byte> escape) =>
        escape.Length > 3
        && escape[2] is (byte)'d' or (byte)'D'
        && escape[3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'b' or (byte)'A' or (byte)'B';
}
