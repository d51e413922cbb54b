namespace Rollcall.Targets;

/// <summary>Behaviours that a target must not have.</summary>
public static class Faults
{
    /// <summary>Reads the request and never responds.</summary>
    public static Behaviour NeverRespond { get; } = (_, connection) => Task.Delay(Timeout.Infinite, connection.Stopping);

    /// <summary>Reads the request and closes the connection.</summary>
    public static Behaviour CloseWithoutResponse { get; } = (_, connection) =>
    {
        connection.Close();
        return Task.CompletedTask;
    };

    /// <summary>Reads the request and resets the connection.</summary>
    public static Behaviour ResetWithoutResponse { get; } = (_, connection) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    };

    /// <summary>Responds with something that is not HTTP, and closes.</summary>
    public static Behaviour SpeakAnotherProtocol { get; } = async (_, connection) =>
    {
        await connection.SendAsync("220 mail.example ESMTP\r\n");
        connection.Close();
    };

    /// <summary>Sends the headers and a part of the body, then nothing more, on a connection that stays open.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers announce.</param>
    public static Behaviour FallSilent(ReadOnlyMemory<byte> part, long promised) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.Head(200, promised));
        await connection.SendAsync(part);
        await Task.Delay(Timeout.Infinite, connection.Stopping);
    };

    /// <summary>Sends an endless header byte by byte, without a long pause.</summary>
    /// <param name="gap">The time between two bytes.</param>
    public static Behaviour DripHeaders(TimeSpan gap) => async (_, connection) =>
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\nX-Long: ");
        while (true)
        {
            await connection.SendAsync("x");
            await Task.Delay(gap, connection.Stopping);
        }
    };

    /// <summary>Sends chunks without an end.</summary>
    public static Behaviour NeverEnd(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.ChunkedHead);
        while (true)
        {
            await Responses.SendChunkAsync(connection, chunk);
        }
    };

    /// <summary>Sends a part of the body and closes the connection in an orderly way.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers announce.</param>
    /// <param name="headers">Further headers, each a complete line.</param>
    public static Behaviour BreakOff(ReadOnlyMemory<byte> part, long promised, params string[] headers) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.Head(200, promised, headers));
        await connection.SendAsync(part);
        connection.Close();
    };

    /// <summary>Sends a chunk and closes the connection in an orderly way, without the last chunk.</summary>
    public static Behaviour BreakOffChunked(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.ChunkedHead);
        await Responses.SendChunkAsync(connection, chunk);
        connection.Close();
    };

    /// <summary>Sends a chunk, then bytes that are not a chunk.</summary>
    public static Behaviour GarbleChunks(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.ChunkedHead);
        await Responses.SendChunkAsync(connection, chunk);
        await connection.SendAsync("not a length\r\n");
        connection.Close();
    };

    /// <summary>Sends a part of the body and resets the connection once the client has read it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers announce.</param>
    /// <param name="hasRead">Completes when the client has read the part: a reset discards data that is still in transit.</param>
    public static Behaviour ResetInBody(ReadOnlyMemory<byte> part, long promised, Task hasRead) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.Head(200, promised));
        await connection.SendAsync(part);
        await hasRead.WaitAsync(connection.Stopping);
        connection.Reset();
    };

    /// <summary>Sends a part of a body that ends with its connection, and resets that once the client has read the part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="hasRead">Completes when the client has read the part.</param>
    public static Behaviour ResetWithoutLength(ReadOnlyMemory<byte> part, Task hasRead) => async (_, connection) =>
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        await connection.SendAsync(part);
        await hasRead.WaitAsync(connection.Stopping);
        connection.Reset();
    };

    /// <summary>Sends a part of the body over TLS, then the start of a TLS record that never ends, and closes.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers announce.</param>
    public static Behaviour BreakOffInTlsRecord(ReadOnlyMemory<byte> part, long promised) => async (_, connection) =>
    {
        await connection.SendAsync(Responses.Head(200, promised));
        await connection.SendAsync(part);
        // An application data record (23), with TLS 1.2's version number, that claims 64 bytes and has four.
        await connection.SendUnderTlsAsync(new byte[] { 23, 3, 3, 0, 64, 1, 2, 3, 4 });
        connection.Close();
    };
}
