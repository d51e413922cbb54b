namespace Rollcall.Intake;

/// <summary>Recognizes files that are not lines of UTF-8 by their first bytes.</summary>
static class FileKind
{
    /// <summary>The number of first bytes needed.</summary>
    public const int StartLength = 16;

    const string Utf16 = "UTF-16";
    const string Utf32 = "UTF-32";

    // The byte order marks of UTF-32 begin like those of UTF-16, so they come first.
    static readonly (byte[] Start, string Kind)[] Starts =
    [
        ([0xFF, 0xFE, 0, 0], Text(Utf32)),
        ([0, 0, 0xFE, 0xFF], Text(Utf32)),
        ([0xFF, 0xFE], Text(Utf16)),
        ([0xFE, 0xFF], Text(Utf16)),
        ([.. GzipInput.Start], "is compressed with gzip twice. Unpack it once, such as with: gzip -dc FILE"),
        ([0x28, 0xB5, 0x2F, 0xFD], Compressed("zstd")),
        ([0xFD, .. "7zXZ\0"u8], Compressed("xz")),
        ([.. "BZh"u8], Compressed("bzip2")),
        (
            [.. "PK\u0003\u0004"u8],
            "is a zip file, as those of Excel (.xlsx) and Word are: lines of text are needed. Unpack it, or save its content as CSV or "
            + "JSON lines."),
        ([0xD0, 0xCF, 0x11, 0xE0], Document("file of Microsoft Office")),
        ([.. "%PDF-"u8], Document("PDF file")),
        ([.. "PAR1"u8], Document("Parquet file")),
        ([.. "SQLite format 3\0"u8], Document("SQLite database")),
    ];

    /// <summary>Says what a file is that is not lines of UTF-8, and what to do.</summary>
    /// <param name="start">Its first <see cref="StartLength"/> bytes, or all if it is shorter.</param>
    /// <returns>The rest of a sentence whose subject is the file; null if it may be lines of UTF-8.</returns>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        foreach (var (begin, kind) in Starts)
        {
            if (start.StartsWith(begin))
            {
                return kind;
            }
        }

        // RFC 4627, section 3: JSON begins with ASCII, so the positions of the zeros reveal the other encodings.
        return start.Length < 4 ? null : (start[0], start[1], start[2], start[3]) switch
        {
            (0, 0, 0, not 0) => Text(Utf32, "BE"),
            (not 0, 0, 0, 0) => Text(Utf32, "LE"),
            (0, not 0, _, _) => Text(Utf16, "BE"),
            (not 0, 0, _, _) => Text(Utf16, "LE"),
            _ => null,
        };
    }

    static string Text(string encoding, string order = "") =>
        $"is {encoding} text: UTF-8 is needed. Convert it, such as with: iconv -f {encoding}{order} -t UTF-8 FILE";

    static string Compressed(string program) =>
        $"is compressed with {program}: lines of text are needed. Decompress it, such as with: {program} -dc FILE";

    static string Document(string name) => $"is a {name}: lines of text are needed. Save its content as CSV or JSON lines.";
}
