using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Rollcall.Api.Requests;

/// <summary>
/// The text of a queue message: plain JSON, or JSON in base64, depending on the version of the SDK that sent it. A batch request starts
/// with a brace, which base64 never does.
/// </summary>
public static class QueueText
{
    /// <summary>The JSON of a message.</summary>
    /// <returns>The bytes of the JSON; the text's own if it is not base64 either, for the parser to say what is wrong.</returns>
    public static ReadOnlyMemory<byte> ToJson(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (text.AsSpan().TrimStart().StartsWith('{'))
        {
            return bytes;
        }

        return Base64.DecodeFromUtf8InPlace(bytes, out int length) == OperationStatus.Done
            ? bytes.AsMemory(0, length)
            : Encoding.UTF8.GetBytes(text);
    }
}
