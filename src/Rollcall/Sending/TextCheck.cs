using System.Buffers;

namespace Rollcall.Sending;

/// <summary>
/// Decides whether a body that arrives in pieces is written as text: whether it is valid UTF-8, and shorter as text than in base64. JSON
/// writes a control character as six characters; base64 writes three bytes as four.
/// </summary>
struct TextCheck
{
    const int EscapedLength = 6;

    // All except backspace, tab, line feed, form feed and carriage return, which JSON writes as two characters.
    static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c).Except("\b\t\n\f\r"u8.ToArray())]);

    Utf8Check utf8;
    long length;
    long controls;

    /// <summary>Adds the next piece.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        utf8.Append(piece);
        length += piece.Length;
        for (int next = piece.IndexOfAny(Controls); next >= 0; next = piece.IndexOfAny(Controls))
        {
            controls++;
            piece = piece[(next + 1)..];
        }
    }

    /// <summary>Whether all pieces together are text.</summary>
    public readonly bool IsText => utf8.IsValid && length + ((EscapedLength - 1) * controls) <= (length + 2) / 3 * 4;
}
