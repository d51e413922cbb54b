using System.Runtime.CompilerServices;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads items from an input of any format.</summary>
public static class InputReader
{
    /// <summary>
    /// Reads items one after the other. If one is invalid, the rest is still checked, so that a user learns of all that is wrong at once;
    /// the sequence then ends with the exception. gzip is unpacked.
    /// </summary>
    /// <param name="options">What decides which items there are.</param>
    /// <param name="rule">Changes each item, or refuses it; null for none.</param>
    /// <returns>The items in order.</returns>
    /// <exception cref="InvalidInputException">
    /// Something is not an item, two items have the same id, there is no item, or the input is of another kind.
    /// </exception>
    public static async IAsyncEnumerable<BatchItem> ReadAsync(
        InputSource source,
        InputOptions options,
        ItemRule? rule,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var input = await OpenAsync(source, options, cancellationToken);
        await foreach (var item in input.ReadAsync(rule, cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Opens an input: finds its format, and the types of its columns if it has some.</summary>
    /// <exception cref="InvalidInputException">It is of another kind, or the options do not fit its format.</exception>
    public static async Task<OpenedInput> OpenAsync(InputSource source, InputOptions options, CancellationToken cancellationToken)
    {
        var opened = new OpenStreams();
        try
        {
            var (text, isUnpacked) = await opened.UnpackAsync(source.Stream, cancellationToken);
            var format = options.Format ?? await FindFormatAsync(source.Name, text, cancellationToken);
            RequireFit(options, format);
            var id = options.Id is { } name ? new ItemId(name) : null;
            if (format is InputFormat.Csv or InputFormat.Tsv)
            {
                var table = await CsvTable.OpenAsync(source, options, format, text, opened, cancellationToken);
                var items = new CsvItems(table.Columns, id);
                return new OpenedInput(
                    opened,
                    (rule, stop) => items.ReadAsync(table.Rows, new ItemCheck(options, "row", id: null, rule), stop))
                {
                    Format = format,
                    IsUnpacked = isUnpacked,
                    Columns = table.Columns,
                    Rows = table.Count,
                };
            }

            return new OpenedInput(
                opened,
                format == InputFormat.Json
                    ? (rule, stop) => ArrayItems.ReadAsync(text, new ItemCheck(options, "element", id, rule), stop)
                    : (rule, stop) => LineItems.ReadAsync(text, format, source.Folder, new ItemCheck(options, "line", id, rule), stop))
            {
                Format = format,
                IsUnpacked = isUnpacked,
            };
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds the format of an input by its name and its first bytes, some of which are then read.</summary>
    /// <exception cref="InvalidInputException">It is of another kind.</exception>
    public static async Task<InputFormat> FindFormatAsync(InputSource source, CancellationToken cancellationToken)
    {
        await using var opened = new OpenStreams();
        var (text, _) = await opened.UnpackAsync(source.Stream, cancellationToken);
        return await FindFormatAsync(source.Name, text, cancellationToken);
    }

    static async Task<InputFormat> FindFormatAsync(string? name, PeekedStream text, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            await text.PeekAsync(
                InputFormats.StartLength, start => start.Span.TrimStart(" \t\r\n"u8).Contains((byte)'\n'), cancellationToken);
        }

        return InputFormats.Find(name, text.Start.Span);
    }

    static void RequireFit(InputOptions options, InputFormat format)
    {
        if (options.CsvTypes != default && format is not (InputFormat.Csv or InputFormat.Tsv))
        {
            throw InvalidInputException.OfAll(
                $"is read as {KebabCase.Of(format)}, which has no columns: --csv-types (csvTypes) is for csv and tsv.");
        }

        if (options.Id is not null && format is InputFormat.Items or InputFormat.Requests or InputFormat.Urls)
        {
            throw InvalidInputException.OfAll(
                $"is read as {KebabCase.Of(format)}, and --id (itemId) is for lines, json, csv and tsv"
                + (format == InputFormat.Urls ? "." : ": an item's id is in its field \"id\"."));
        }
    }
}
