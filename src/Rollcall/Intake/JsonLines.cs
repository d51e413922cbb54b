using System.Globalization;
using System.Runtime.CompilerServices;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads items from JSON lines.</summary>
public static class JsonLines
{
    /// <summary>
    /// Reads items one after the other. If a line is invalid, the rest is still checked, so that a user learns of all invalid lines at
    /// once; the sequence then ends with the exception. Blank lines at the very end are ignored. Elsewhere they are invalid, because
    /// ignoring them would silently shift every later result against its line. An input that is one JSON array is invalid too: nearly
    /// always its elements are meant to be the items.
    /// </summary>
    /// <param name="stream">The input. It is not closed.</param>
    /// <param name="format">What a line contains.</param>
    /// <returns>The items in order.</returns>
    /// <exception cref="InvalidInputException">
    /// A line is not an item, two items have the same id, there is no line, or the input is of another kind.
    /// </exception>
    public static async IAsyncEnumerable<BatchItem> ReadAsync(
        Stream stream,
        LineFormat format,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var errors = new InputErrorList();
        bool isTooLarge = false;
        long number = 0;
        long blankFrom = 0;
        long payloads = 0;
        bool isArray = false;
        SpannedJson? spanned = null;
        var ids = new SeenIds();

        await foreach (byte[]? line in LineReader.ReadAsync(stream, BatchItem.MaxPayloadBytes, cancellationToken))
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
                errors.Add(InputError.AtLine(blankFrom, "is empty: every line is one payload."));
            }

            blankFrom = 0;
            BatchItem? item = null;
            isTooLarge |= line is null;
            string? error = line is null
                ? $"is longer than {BatchItem.MaxPayloadBytes} bytes, the largest payload."
                : LineParser.Parse(line, format, out item) ?? FindDouble(ids, item!, number);
            isArray |= ++payloads == 1 && format == LineFormat.Payload && LineParser.IsArray(line);
            if (error is not null)
            {
                errors.Add(InputError.AtLine(number, error));
                spanned = number == 1 && line is not null ? SpannedJson.Begin(line) : spanned;
            }
            else if (errors.Count == 0)
            {
                yield return item!;
            }
        }

        if (spanned?.Describe() is { } whole)
        {
            throw InvalidInputException.OfAll(whole);
        }

        if (errors.Count > 0)
        {
            throw new InvalidInputException(
                $"{errors.Count} of {number} lines cannot be sent.",
                errors.First,
                errors.Count)
            { IsTooLarge = isTooLarge };
        }

        if (number == 0 || blankFrom == 1)
        {
            throw InvalidInputException.OfAll("has no line, so there is nothing to send.");
        }

        if (payloads == 1 && isArray)
        {
            throw InvalidInputException.OfAll(SpannedJson.Describe(isArray, isOneLine: true));
        }
    }

    static string? FindDouble(SeenIds ids, BatchItem item, long number) => item.Id is { } id && ids.FindOrAdd(id, number) is { } first
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"has the id \"{ShortText.Of(id)}\", which line {first} has too: each item needs one of its own, or none.")
        : null;
}
