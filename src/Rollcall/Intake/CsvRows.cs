using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads the rows of a CSV file (RFC 4180), and says what is wrong with them.</summary>
sealed class CsvRows : IAsyncDisposable
{
    const int BufferSize = 256 * 1024;
    const string Blank = "is empty: every line is one row. An empty value alone is written \"\".";

    readonly CsvReader csv;
    CsvMalformedRecord? malformed;
    string? failure;
    long blankFrom;
    bool isHeld;

    CsvRows(Stream text, byte separator) => csv = CsvReader.Create(
        text,
        new CsvReaderOptions
        {
            Separator = (char)separator,
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            BufferSize = BufferSize,
            MaxRecordSize = BatchItem.MaxPayloadBytes,
            Encoding = Encoding.UTF8,
            OnMalformedRecord = record => malformed ??= record.Reason == CsvMalformedReason.StrayQuote && separator == '\t' ? null : record,
        },
        leaveOpen: true);

    /// <summary>The names in the header.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The line that the row begins on, or that the error is on.</summary>
    public long Line { get; private set; }

    /// <summary>What is wrong, as the rest of a sentence whose subject is the line; null if nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether this is no row, but a blank line among them.</summary>
    public bool IsBlank { get; private set; }

    /// <summary>A value of the row, unquoted. Valid until the next row is read.</summary>
    public ReadOnlySpan<byte> this[int column] => csv.GetSpan(column);

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="text">The file. It is not closed.</param>
    /// <param name="format">The format: with tabs, or with what separates the names in the header.</param>
    /// <exception cref="InvalidInputException">It has no header, or one that cannot be used.</exception>
    public static async Task<CsvRows> OpenAsync(PeekedStream text, InputFormat format, CancellationToken cancellationToken)
    {
        await text.PeekAsync(InputFormats.StartLength, start => start.Span.Contains((byte)'\n'), cancellationToken);
        var rows = new CsvRows(text, format == InputFormat.Tsv ? (byte)'\t' : FindSeparator(text.Start.Span));
        try
        {
            await rows.ReadHeaderAsync(cancellationToken);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the next row, or the next line that is wrong.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IsBlank = false;
        while (isHeld || await TryReadAsync(cancellationToken))
        {
            long line = failure is null ? csv.LineNumber : long.MaxValue;
            if (failure is null && csv.RawRecord.IsEmpty)
            {
                blankFrom = blankFrom == 0 ? line : blankFrom;
                continue;
            }

            isHeld = blankFrom > 0 && blankFrom < line && failure is null;
            if (isHeld)
            {
                (Line, Error, IsBlank) = (blankFrom++, Blank, true);
                return true;
            }

            blankFrom = 0;
            Line = failure is null ? line : Line;
            Error = failure ?? FindError();
            return true;
        }

        return false;
    }

    public ValueTask DisposeAsync() => csv.DisposeAsync();

    // False at the end. A row that is longer than the limit is the last one.
    async ValueTask<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        if (failure is not null)
        {
            return false;
        }

        malformed = null;
        try
        {
            return await csv.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException exception)
        {
            Line = exception.LineNumber;
            failure = $"begins a row that is longer than {BatchItem.MaxPayloadBytes} bytes: is a quote not closed?";
            return true;
        }
    }

    async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await ReadAsync(cancellationToken))
        {
            throw InvalidInputException.OfAll("has no header: a first row with the names of the columns is needed.");
        }

        Names = failure is null ? [.. Enumerable.Range(0, csv.FieldCount).Select(column => Encoding.UTF8.GetString(this[column]))] : [];
        string? error = IsBlank ? "is empty, and the names of the columns are needed in it."
            : failure ?? FindFault() ?? CsvHeader.FindError(Names);
        if (error is not null)
        {
            throw new InvalidInputException(InputError.AtLine(Math.Max(1, Line), error));
        }
    }

    string? FindError() => FindFault()
        ?? (csv.FieldCount == Names.Count ? null
        : $"has {csv.FieldCount} value{(csv.FieldCount == 1 ? "" : "s")}, and the header has {Names.Count} "
            + $"column{(Names.Count == 1 ? "" : "s")}: a value with a separator in it needs quotes around it.");

    string? FindFault()
    {
        if (!Utf8.IsValid(csv.RawRecord))
        {
            return LineParser.NotUtf8;
        }

        if (malformed is not { } fault)
        {
            return null;
        }

        // A value that is never closed is the row's last. The parser names its row only.
        long start = fault.Reason == CsvMalformedReason.UnterminatedQuote
            ? csv.RawRecord.Length - csv.GetRawSpan(csv.FieldCount - 1).Length
            : fault.ByteOffset - csv.ByteOffset;
        var before = csv.RawRecord[..(int)Math.Clamp(start, 0, csv.RawRecord.Length)];
        Line += before.Count((byte)'\n');
        string place = $"(at byte {before.Length - before.LastIndexOf((byte)'\n')})";
        return fault.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => $"has a quote that is never closed {place}.",
            CsvMalformedReason.TextAfterClosingQuote =>
                $"has text after a closing quote {place}: a quote inside a quoted value is written twice.",
            _ => $"has a quote inside a value that is not quoted {place}: quotes around the value, and the quote twice, are needed.",
        };
    }

    // The first of comma, semicolon and tab that the header has. Programs in many countries write semicolons.
    static byte FindSeparator(ReadOnlySpan<byte> start)
    {
        byte found = (byte)',';
        bool isQuoted = false;
        foreach (byte character in start)
        {
            isQuoted ^= character == '"';
            if (isQuoted)
            {
                continue;
            }

            if (character is (byte)',' or (byte)'\n')
            {
                return character == ',' ? character : found;
            }

            found = character == ';' || (character == '\t' && found == ',') ? character : found;
        }

        return found;
    }
}

/// <summary>Checks the names of columns.</summary>
static class CsvHeader
{
    /// <summary>Says what is wrong with the names.</summary>
    /// <returns>The rest of a sentence whose subject is the header's line; null if nothing is.</returns>
    public static string? FindError(IReadOnlyList<string> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int column = 0; column < names.Count; column++)
        {
            if (names[column].Length == 0)
            {
                return $"has no name for column {column + 1}: each column needs one.";
            }

            if (!seen.TryAdd(names[column], column))
            {
                return $"has the name \"{ShortText.Of(names[column])}\" for column {seen[names[column]] + 1} and for column {column + 1}: "
                    + "each column needs one of its own.";
            }
        }

        return null;
    }
}
