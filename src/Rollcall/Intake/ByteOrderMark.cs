namespace Rollcall.Intake;

/// <summary>The byte order mark of UTF-8, which is not part of a text (RFC 8259, section 8.1, lets a reader ignore it).</summary>
static class ByteOrderMark
{
    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>How many bytes of a text's start are a mark: 3 or 0.</summary>
    public static int LengthIn(ReadOnlySpan<byte> text) => text.StartsWith(Mark) ? Mark.Length : 0;
}
