using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Rollcall.Batches;
using Rollcall.Serialization;
using Rollcall.Streams;

namespace Rollcall.Results;

/// <summary>
/// Turns result lines into CSV (RFC 4180) for spreadsheets, with constant memory however large the bodies are. It writes a byte order mark,
/// by which Excel recognizes UTF-8, and an apostrophe before text that a spreadsheet would take for a formula.
/// </summary>
sealed class CsvResultStream : WriteOnlyStream
{
    // https://owasp.org/www-community/attacks/CSV_Injection
    const string FormulaStarts = "=+-@\t\r";

    static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\r\n",
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
        InjectionCharacters = FormulaStarts,
        TrueValue = "true",
        FalseValue = "false",
        FormatProvider = CultureInfo.InvariantCulture,
    };

    readonly byte[] head = new byte[ResultRow.TableSize + ResultRow.EndSize];
    readonly RecordOptions record;
    readonly Func<ValueTask<IReadOnlyList<string>>>? input;
    readonly InputCell? inputCell;
    readonly CsvWriter csv;
    int length;

    /// <summary>Begins the table.</summary>
    /// <param name="target">The destination. It is not closed.</param>
    /// <param name="record">What the lines have besides the outcomes.</param>
    /// <param name="inputColumns">
    /// Columns of the input, which come first; null for none. One with the name of another gets a prefix. If there are none and the lines
    /// have the input, it is in one column.
    /// </param>
    /// <param name="input">Reads the values of the next item in these columns, once per line.</param>
    public CsvResultStream(
        Stream target,
        RecordOptions record,
        IReadOnlyList<string>? inputColumns = null,
        Func<ValueTask<IReadOnlyList<string>>>? input = null)
    {
        this.record = record;
        this.input = input;
        var columns = ResultColumns.Of(record);
        csv = CsvWriter.Create(target, Options, leaveOpen: true);
        inputCell = record.WithInput && input is null ? new InputCell() : null;
        inputColumns ??= inputCell is null ? [] : [ResultColumns.Input];
        csv.WriteHeader(
            [.. inputColumns.Select(name => columns.Contains(name, StringComparer.Ordinal) ? $"input.{name}" : name), .. columns]);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A line is not a result line.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            int feed = buffer.Span.IndexOf((byte)'\n');
            var part = feed < 0 ? buffer : buffer[..feed];
            int kept = Math.Min(part.Length, ResultRow.TableSize - length);
            part.Span[..kept].CopyTo(head.AsSpan(length));
            length += kept;
            if (feed >= 0 || length == ResultRow.TableSize)
            {
                inputCell?.Add(head.AsSpan(0, length), part.Span[kept..]);
            }

            if (feed < 0)
            {
                return;
            }

            if (inputCell is not null)
            {
                csv.WriteField(Cut(inputCell.Finish()));
            }

            foreach (string value in input is null ? [] : await input())
            {
                csv.WriteField(value);
            }

            WriteFields(ResultRow.Parse(head, length));
            await csv.EndRecordAsync(cancellationToken);
            length = 0;
            buffer = buffer[(feed + 1)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => csv.FlushAsync(cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await csv.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            csv.Dispose();
        }

        base.Dispose(disposing);
    }

    void WriteFields(ResultRow row)
    {
        string? body = row.Body ?? row.BodyBase64;

        bool isCut = row.BodyIsCut;
        if (body is { Length: ResultRow.MaxCellLength } full && FormulaStarts.Contains(full[0], StringComparison.Ordinal))
        {
            // With the apostrophe it would be one character too long.
            body = full[..^(char.IsLowSurrogate(full[^1]) ? 2 : 1)];
            isCut = true;
        }

        csv.WriteField(row.Index, format: "");
        csv.WriteField(row.Id);
        csv.WriteField(KebabCase.Of(row.Status));
        csv.WriteField(row.HttpStatus, format: "");
        csv.WriteField(row.Error is { } error ? KebabCase.Of(error.Code) : null);
        csv.WriteField(row.Error?.Message);
        csv.WriteField(row.Attempts, format: "");
        csv.WriteField(row.DurationMs, format: "");
        csv.WriteField(row.ContentType);
        csv.WriteField(row.Bytes, format: "");
        csv.WriteField(row.Sha256);
        csv.WriteField(body);
        csv.WriteField(isCut);
        csv.WriteField(row.ContentEncoding);
        foreach (var (name, _) in record.Extract)
        {
            csv.WriteField(row.Extracted?.TryGetValue(name, out var value) == true ? Cut(TextOf(value)) : null);
        }

        foreach (string name in record.KeepHeaders)
        {
            csv.WriteField(row.Headers?.GetValueOrDefault(name));
        }
    }

    static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // One character less than the most leaves room for an apostrophe before a formula.
    static string Cut(string text) => text.Length < ResultRow.MaxCellLength
        ? text
        : $"{text[..(ResultRow.MaxCellLength - (char.IsHighSurrogate(text[ResultRow.MaxCellLength - 3]) ? 3 : 2))]}…";
}
