using System.Text.Json;

namespace Rollcall.Validation;

/// <summary>Says why bytes are not JSON.</summary>
static class JsonFault
{
    /// <summary>Describes what the reader found, and where.</summary>
    /// <param name="exception">What the reader threw.</param>
    /// <param name="json">The bytes that it read.</param>
    /// <returns>A sentence, with the byte's position, from 1, in brackets.</returns>
    public static string Describe(JsonException exception, ReadOnlySpan<byte> json)
    {
        int start = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }

        return Describe(exception.Message, start + exception.BytePositionInLine);
    }

    /// <summary>The same with the byte's position in its line.</summary>
    public static string Describe(JsonException exception) => Describe(exception.Message, exception.BytePositionInLine);

    static string Describe(string message, long? position) => $"{TextOf(message)} (at byte {position + 1})";

    // The reader's messages end with a position in a line, and three of them are written for programmers.
    static string TextOf(string message) => message switch
    {
        _ when message.Contains("any JSON tokens", StringComparison.Ordinal) => "It is empty.",
        _ when message.Contains("depth to be zero", StringComparison.Ordinal) => "It ends before every object and array is closed.",
        _ when message.Contains("trailing comma", StringComparison.Ordinal) => "A comma comes before a closing bracket.",
        _ when message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end => message[..end],
        _ => message,
    };
}
