using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>An input whose format is known.</summary>
public sealed class OpenedInput : IAsyncDisposable
{
    readonly OpenStreams opened;
    readonly Func<ItemRule?, CancellationToken, IAsyncEnumerable<BatchItem>> read;

    /// <param name="opened">What is closed with the input.</param>
    /// <param name="read">Reads the items.</param>
    internal OpenedInput(OpenStreams opened, Func<ItemRule?, CancellationToken, IAsyncEnumerable<BatchItem>> read)
    {
        this.opened = opened;
        this.read = read;
    }

    /// <summary>The format.</summary>
    public required InputFormat Format { get; init; }

    /// <summary>Whether the input was compressed with gzip.</summary>
    public required bool IsUnpacked { get; init; }

    /// <summary>The columns of <see cref="InputFormat.Csv"/> and <see cref="InputFormat.Tsv"/>; empty for other formats.</summary>
    public IReadOnlyList<CsvColumn> Columns { get; init; } = [];

    /// <summary>The number of rows; null if they were not counted.</summary>
    public long? Rows { get; init; }

    /// <summary>Reads the items, once: see <see cref="InputReader.ReadAsync"/>.</summary>
    /// <param name="rule">Changes each item, or refuses it; null for none.</param>
    /// <exception cref="InvalidInputException">See <see cref="InputReader.ReadAsync"/>.</exception>
    public IAsyncEnumerable<BatchItem> ReadAsync(ItemRule? rule, CancellationToken cancellationToken) => read(rule, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => opened.DisposeAsync();
}

/// <summary>What was opened for an input, to be closed with it.</summary>
sealed class OpenStreams : IAsyncDisposable
{
    readonly List<IAsyncDisposable> items = [];

    /// <summary>Adds something that was opened.</summary>
    public T Keep<T>(T item)
        where T : IAsyncDisposable
    {
        items.Add(item);
        return item;
    }

    /// <summary>Opens the text of an input: without a byte order mark, and unpacked if it is compressed with gzip.</summary>
    /// <exception cref="InvalidInputException">It is of another kind.</exception>
    public async Task<(PeekedStream Text, bool IsUnpacked)> UnpackAsync(Stream stream, CancellationToken cancellationToken)
    {
        var text = new PeekedStream(stream);
        await text.PeekAsync(FileKind.StartLength, isSufficient: null, cancellationToken);
        bool isPacked = text.Start.Span.StartsWith(GzipInput.Start);
        if (isPacked)
        {
            text = new PeekedStream(Keep(new GzipInput(text)));
            await text.PeekAsync(FileKind.StartLength, isSufficient: null, cancellationToken);
        }

        if (FileKind.Describe(text.Start.Span[..Math.Min(text.Start.Length, FileKind.StartLength)]) is { } kind)
        {
            throw InvalidInputException.OfAll(kind);
        }

        text.Skip(ByteOrderMark.LengthIn(text.Start.Span));
        return (text, isPacked);
    }

    public async ValueTask DisposeAsync()
    {
        for (int last = items.Count - 1; last >= 0; last--)
        {
            await items[last].DisposeAsync();
        }
    }
}
