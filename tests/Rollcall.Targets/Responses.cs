using System.Globalization;
using System.Text;

namespace Rollcall.Targets;

/// <summary>Complete, correct responses.</summary>
public static class Responses
{
    /// <summary>Responds 200 with the request's body.</summary>
    public static Behaviour Echo { get; } = (request, connection) => SendAsync(connection, Head(200, request.Body.Length), request.Body);

    /// <summary>Responds with a status and a body.</summary>
    /// <param name="headers">Further headers, each a complete line.</param>
    public static Behaviour With(int status, ReadOnlyMemory<byte> body, params string[] headers) =>
        (_, connection) => SendAsync(connection, Head(status, body.Length, headers), body);

    /// <summary>Responds with a status and a text, sent as UTF-8.</summary>
    /// <param name="headers">Further headers, each a complete line.</param>
    public static Behaviour With(int status, string body, params string[] headers) => With(status, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Responds with a head and a body in one piece, neither of which has to be correct.</summary>
    /// <param name="head">The head, including its empty line.</param>
    public static Behaviour WithHead(string head, ReadOnlyMemory<byte> body) =>
        (_, connection) => connection.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. body.Span]);

    /// <summary>Responds with a status that has no body and no <c>Content-Length</c>, such as 204 and 304.</summary>
    public static Behaviour WithoutBody(int status) => (_, connection) => connection.SendAsync($"HTTP/1.1 {status} Status\r\n\r\n");

    /// <summary>Sends informational responses (1xx) before the final one.</summary>
    /// <param name="statuses">Their statuses.</param>
    /// <param name="response">The final response.</param>
    public static Behaviour After(IEnumerable<int> statuses, Behaviour response) => async (request, connection) =>
    {
        foreach (int status in statuses)
        {
            await connection.SendAsync($"HTTP/1.1 {status} Status\r\nLink: </style.css>; rel=preload\r\n\r\n");
        }

        await response(request, connection);
    };

    /// <summary>Responds 200 with a body that has no length and ends with the connection.</summary>
    public static Behaviour UntilClose(ReadOnlyMemory<byte> body) => async (_, connection) =>
    {
        await SendAsync(connection, "HTTP/1.1 200 OK\r\n\r\n", body);
        connection.Close();
    };

    /// <summary>Responds as another behaviour does, then closes the connection without having announced it.</summary>
    /// <param name="response">The response.</param>
    public static Behaviour ThenClose(Behaviour response) => async (request, connection) =>
    {
        await response(request, connection);
        connection.Close();
    };

    /// <summary>Responds with a redirect.</summary>
    public static Behaviour Redirect(int status, string location) => With(status, "moved", $"Location: {location}");

    /// <summary>Responds 200 with a chunked body.</summary>
    public static Behaviour Chunked(params IReadOnlyList<byte[]> chunks) => async (_, connection) =>
    {
        await connection.SendAsync(ChunkedHead);
        foreach (byte[] chunk in chunks)
        {
            await SendChunkAsync(connection, chunk);
        }

        await connection.SendAsync("0\r\n\r\n");
    };

    /// <summary>Responds 200 with a body that arrives in pieces, as from a server that computes it while it responds.</summary>
    /// <param name="body">The body.</param>
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="gap">The time between two pieces.</param>
    public static Behaviour InPieces(ReadOnlyMemory<byte> body, int pieces, TimeSpan gap) => async (_, connection) =>
    {
        await connection.SendAsync(Head(200, body.Length));
        int size = (body.Length + pieces - 1) / pieces;
        for (int start = 0; start < body.Length; start += size)
        {
            await Task.Delay(gap, connection.Stopping);
            await connection.SendAsync(body.Slice(start, Math.Min(size, body.Length - start)));
        }
    };

    internal const string ChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    internal static string Head(int status, long length, params IEnumerable<string> headers) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\n")
            + string.Concat(headers.Select(h => h + "\r\n")) + "\r\n";

    internal static async Task SendChunkAsync(Connection connection, ReadOnlyMemory<byte> chunk)
    {
        await connection.SendAsync(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await connection.SendAsync(chunk);
        await connection.SendAsync("\r\n");
    }

    static async Task SendAsync(Connection connection, string head, ReadOnlyMemory<byte> body)
    {
        await connection.SendAsync(head);
        await connection.SendAsync(body);
    }
}
