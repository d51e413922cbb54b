using System.Globalization;
using System.Text;

namespace Rollcall.Targets;

/// <summary>Reads HTTP/1.1 requests from a stream; bodies have a <c>Content-Length</c>.</summary>
sealed class RequestReader(Stream stream)
{
    readonly byte[] buffer = new byte[16 * 1024];
    int start;
    int end;

    /// <summary>Reads the next request, or null if the client closed instead.</summary>
    /// <param name="isEarly">Whether to stop before the body of a request with <c>Expect: 100-continue</c>.</param>
    public async Task<ReceivedRequest?> ReadAsync(bool isEarly, CancellationToken cancellationToken)
    {
        if (await ReadLineAsync(cancellationToken) is not { Length: > 0 } requestLine)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        if (isEarly && headers.ContainsKey("Expect"))
        {
            return new ReceivedRequest(requestLine, headers, ReadOnlyMemory<byte>.Empty);
        }

        int length = headers.TryGetValue("Content-Length", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++)
        {
            if (start == end && !await FillAsync(cancellationToken))
            {
                return null;
            }

            int piece = Math.Min(length - i, end - start);
            buffer.AsSpan(start, piece).CopyTo(body.AsSpan(i));
            start += piece;
            i += piece - 1;
        }

        return new ReceivedRequest(requestLine, headers, body);
    }

    async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end && !await FillAsync(cancellationToken))
            {
                return null;
            }

            char next = (char)buffer[start++];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            if (next < '\t' || next is > '\r' and < ' ')
            {
                // Not HTTP, such as the start of a TLS handshake, which has no line to wait for.
                return null;
            }

            line.Append(next);
        }
    }

    async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        start = 0;
        end = await stream.ReadAsync(buffer, cancellationToken);
        return end > 0;
    }
}
