using System.Text.Json;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Takes a JSON array apart, one element after the other.</summary>
/// <param name="text">The array in UTF-8.</param>
sealed class ArrayReader(Stream text)
{
    const int FirstSize = 128 * 1024;

    // The array itself is one level.
    JsonReaderState state = new(new JsonReaderOptions { MaxDepth = LineParser.MaxDepth + 1 });
    byte[] buffer = new byte[FirstSize];
    int start;
    int end;
    bool hasBegun;
    bool isWhole;

    /// <summary>The number of the line at which reading goes on, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Whether the array has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The number of bytes of an element that is not complete.</summary>
    public int Pending => end - start;

    /// <summary>Takes the next element, if all of it was read.</summary>
    /// <param name="line">The line that it begins on.</param>
    /// <param name="element">Its bytes; null at the end of the array.</param>
    /// <returns>False if more must be read first.</returns>
    /// <exception cref="JsonException">This is not JSON. Its line and its position count from the start of the text.</exception>
    /// <exception cref="InvalidInputException">This is not an array.</exception>
    public bool TryTake(out long line, out byte[]? element)
    {
        element = null;
        line = Line;
        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isWhole, state);
        if (!hasBegun)
        {
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw InvalidInputException.OfAll(
                    $"is JSON that begins with {JsonKind.Of(reader.TokenType)}, and an array is needed, whose elements are the items. JSON "
                    + "lines are read with --input lines (input=lines).");
            }

            hasBegun = true;
            Commit(ref reader);
            return TryTake(out line, out element);
        }

        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 0)
        {
            // Throws if anything but white space follows.
            if (reader.Read() || !isWhole)
            {
                return false;
            }

            IsOver = true;
            return true;
        }

        int first = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        line += buffer.AsSpan(start, first).Count((byte)'\n');
        element = buffer[(start + first)..(start + (int)reader.BytesConsumed)];
        Commit(ref reader);
        return true;
    }

    /// <summary>Reads more: at least as much again as is pending, so that the time for a large element is linear.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        int pending = Pending;
        if (start > 0)
        {
            buffer.AsSpan(start, pending).CopyTo(buffer);
            (start, end) = (0, pending);
        }

        if (2 * pending > buffer.Length)
        {
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        int read = await text.ReadAtLeastAsync(buffer.AsMemory(end), Math.Max(1, pending), throwOnEndOfStream: false, cancellationToken);
        isWhole = read < Math.Max(1, pending);
        end += read;
    }

    void Commit(ref Utf8JsonReader reader)
    {
        int consumed = (int)reader.BytesConsumed;
        Line += buffer.AsSpan(start, consumed).Count((byte)'\n');
        start += consumed;
        state = reader.CurrentState;
    }
}
