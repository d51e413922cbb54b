using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>A CSV file whose columns are known, and whose rows are there to be read from the first.</summary>
/// <param name="Count">The number of rows; null if they were not counted.</param>
sealed record CsvTable(CsvRows Rows, IReadOnlyList<CsvColumn> Columns, long? Count)
{
    /// <summary>Opens a file. If its values have types, all of it is read first.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="opened">Gets what is to be closed later.</param>
    /// <exception cref="InvalidInputException">It has no header that can be used.</exception>
    public static async Task<CsvTable> OpenAsync(
        InputSource source,
        InputOptions options,
        InputFormat format,
        PeekedStream text,
        OpenStreams opened,
        CancellationToken cancellationToken)
    {
        if (options.Columns is { } needed)
        {
            var known = opened.Keep(await CsvRows.OpenAsync(text, format, cancellationToken));
            return new CsvTable(known, CsvInference.Require(needed, known.Names), Count: null);
        }

        if (options.CsvTypes == CsvTypes.String)
        {
            var only = opened.Keep(await CsvRows.OpenAsync(text, format, cancellationToken));
            return new CsvTable(only, [.. only.Names.Select(name => new CsvColumn(name, CsvType.Text))], Count: null);
        }

        var copy = source.Reopen is null
            ? opened.Keep(await InputCopy.CreateAsync(text, source.MaxCopyBytes, cancellationToken))
            : null;
        var (columns, count) = await InferAsync(
            copy is null ? text : new PeekedStream(copy.Open()), format, options.Limit, cancellationToken);
        var again = copy is not null
            ? new PeekedStream(copy.Open())
            : (await opened.UnpackAsync(opened.Keep(await source.Reopen!(cancellationToken)), cancellationToken)).Text;
        var rows = opened.Keep(await CsvRows.OpenAsync(again, format, cancellationToken));
        return rows.Names.SequenceEqual(columns.Select(column => column.Name), StringComparer.Ordinal)
            ? new CsvTable(rows, columns, count)
            : throw InvalidInputException.OfAll("has changed while it was read: its columns are others now.");
    }

    static async Task<(IReadOnlyList<CsvColumn> Columns, long Count)> InferAsync(
        PeekedStream text, InputFormat format, long? limit, CancellationToken cancellationToken)
    {
        await using var rows = await CsvRows.OpenAsync(text, format, cancellationToken);
        return await CsvInference.RunAsync(rows, limit, cancellationToken);
    }
}
