using System.Runtime.CompilerServices;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads items from lines.</summary>
static class LineItems
{
    /// <summary>
    /// Reads items one after the other. Blank lines at the very end are ignored. Elsewhere they are invalid, because ignoring them would
    /// silently shift every later result against its line. An input that is one JSON array is invalid too: nearly always its elements are
    /// meant to be the items.
    /// </summary>
    /// <param name="text">The input. It is not closed.</param>
    /// <param name="format">What a line contains.</param>
    /// <param name="folder">The folder of files that requests may name; null if they may name none.</param>
    /// <param name="check">Checks the items.</param>
    /// <exception cref="InvalidInputException">An item is wrong, there is none, or the input is of another kind.</exception>
    public static async IAsyncEnumerable<BatchItem> ReadAsync(
        Stream text,
        InputFormat format,
        string? folder,
        ItemCheck check,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parse = LineParser.Of(format, folder);
        string empty = format == InputFormat.Urls ? "is empty: every line is one URL." : LineParser.Empty;
        long number = 0;
        long blankFrom = 0;
        bool isArray = false;
        SpannedJson? spanned = null;

        await foreach (byte[]? line in LineReader.ReadAsync(text, BatchItem.MaxPayloadBytes, cancellationToken))
        {
            number++;
            spanned?.Add(line);
            if (line is not null && LineParser.IsBlank(line))
            {
                blankFrom = blankFrom == 0 ? number : blankFrom;
                continue;
            }

            for (; blankFrom > 0 && blankFrom < number; blankFrom++)
            {
                check.RefuseBlank(blankFrom, empty);
            }

            blankFrom = 0;
            isArray |= check.Count == 0 && format == InputFormat.Lines && LineParser.IsArray(line);
            if (line is null)
            {
                check.RefuseLarge(number);
            }
            else if (parse(line, out var item) is { } error)
            {
                check.Refuse(number, error);
                spanned = number == 1 && format != InputFormat.Urls ? SpannedJson.Begin(line) : spanned;
            }
            else if (check.Take(number, item!) is { } taken)
            {
                yield return taken;
            }

            if (check.IsDone)
            {
                break;
            }
        }

        if (spanned?.Describe() is { } whole)
        {
            throw InvalidInputException.OfAll(whole);
        }

        check.Finish();
        if (check.Count == 1 && isArray && !check.IsDone)
        {
            throw InvalidInputException.OfAll(SpannedJson.Describe(isArray, isOneLine: true));
        }
    }
}
