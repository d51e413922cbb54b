using System.Globalization;
using System.Text;

namespace Rollcall.Targets;

/// <summary>Whole, correct answers.</summary>
public static class Answers
{
    /// <summary>Answers 200 with the request's body.</summary>
    public static Behaviour Echo { get; } = (request, connection) => SendAsync(connection, Head(200, request.Body.Length), request.Body);

    /// <summary>Answers with a status and a body.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">Further headers, each a whole line.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour With(int status, ReadOnlyMemory<byte> body, params string[] headers) =>
        (_, connection) => SendAsync(connection, Head(status, body.Length, headers), body);

    /// <summary>Answers with a status and a text.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The text, sent as UTF-8.</param>
    /// <param name="headers">Further headers, each a whole line.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour With(int status, string body, params string[] headers) => With(status, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Answers with bytes that are not made to be right: a head and a body, in one piece.</summary>
    /// <param name="head">The head, down to its empty line.</param>
    /// <param name="body">The body.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour WithHead(string head, ReadOnlyMemory<byte> body) =>
        (_, connection) => connection.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. body.Span]);

    /// <summary>Answers with a status that has no body and no <c>Content-Length</c>, such as 204 and 304.</summary>
    /// <param name="status">The status.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour WithoutBody(int status) => (_, connection) => connection.SendAsync($"HTTP/1.1 {status} Status\r\n\r\n");

    /// <summary>Sends informational answers (1xx) before the answer.</summary>
    /// <param name="statuses">Their statuses.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour After(IEnumerable<int> statuses, Behaviour answer) => async (request, connection) =>
    {
        foreach (int status in statuses)
        {
            await connection.SendAsync($"HTTP/1.1 {status} Status\r\nLink: </style.css>; rel=preload\r\n\r\n");
        }

        await answer(request, connection);
    };

    /// <summary>Answers 200 with a body that has no length and ends with the connection.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour UntilClose(ReadOnlyMemory<byte> body) => async (_, connection) =>
    {
        await SendAsync(connection, "HTTP/1.1 200 OK\r\n\r\n", body);
        connection.Close();
    };

    /// <summary>Answers as another behaviour does, and closes the connection although it said nothing of that.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour ThenClose(Behaviour answer) => async (request, connection) =>
    {
        await answer(request, connection);
        connection.Close();
    };

    /// <summary>Answers with a redirect.</summary>
    /// <param name="status">The status.</param>
    /// <param name="location">Where it leads.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour Redirect(int status, string location) => With(status, "moved", $"Location: {location}");

    /// <summary>Answers 200 with a chunked body.</summary>
    /// <param name="chunks">The chunks.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour Chunked(params IReadOnlyList<byte[]> chunks) => async (_, connection) =>
    {
        await connection.SendAsync(ChunkedHead);
        foreach (byte[] chunk in chunks)
        {
            await SendChunkAsync(connection, chunk);
        }

        await connection.SendAsync("0\r\n\r\n");
    };

    /// <summary>Answers 200 with a body that comes in pieces, as from a server that computes it while it answers.</summary>
    /// <param name="body">The body.</param>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="gap">The time between two pieces.</param>
    /// <returns>The behaviour.</returns>
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
