using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads items from one JSON array, of which never more than a part is in memory.</summary>
static class ArrayItems
{
    /// <summary>Reads the elements one after the other. None of their bytes is changed.</summary>
    /// <param name="text">The input. It is not closed.</param>
    /// <param name="check">Checks the items.</param>
    /// <exception cref="InvalidInputException">An item is wrong, there is none, or the input is not an array.</exception>
    public static async IAsyncEnumerable<BatchItem> ReadAsync(
        Stream text, ItemCheck check, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var array = new ArrayReader(text);
        bool isBroken = false;
        while (!isBroken && !array.IsOver && !check.IsDone)
        {
            var (line, element) = (0L, default(byte[]));
            try
            {
                if (!array.TryTake(out line, out element))
                {
                    if (array.Pending > BatchItem.MaxPayloadBytes)
                    {
                        check.RefuseLarge(array.Line);
                        break;
                    }

                    await array.FillAsync(cancellationToken);
                }
            }
            catch (JsonException exception)
            {
                check.Refuse((exception.LineNumber ?? 0) + 1, $"is not JSON: {JsonFault.Describe(exception)}");
                isBroken = true;
            }

            if (element is null)
            {
                continue;
            }

            if (element.Length > BatchItem.MaxPayloadBytes)
            {
                check.RefuseLarge(line);
            }
            else if (!Utf8.IsValid(element))
            {
                check.Refuse(line, LineParser.NotUtf8);
            }
            else if (check.Take(line, new BatchItem(null, element)) is { } taken)
            {
                yield return taken;
            }
        }

        check.Finish();
    }
}
