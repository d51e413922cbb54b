namespace Rollcall.Targets;

/// <summary>What a target must not do, and does.</summary>
public static class Faults
{
    /// <summary>Takes the request and never answers.</summary>
    public static Behaviour NeverAnswer { get; } = (_, connection) => Task.Delay(Timeout.Infinite, connection.Stopping);

    /// <summary>Takes the request and closes the connection.</summary>
    public static Behaviour CloseWithoutAnswer { get; } = (_, connection) =>
    {
        connection.Close();
        return Task.CompletedTask;
    };

    /// <summary>Takes the request and resets the connection.</summary>
    public static Behaviour ResetWithoutAnswer { get; } = (_, connection) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    };

    /// <summary>Answers with something that is not HTTP, and closes.</summary>
    public static Behaviour SpeakAnotherProtocol { get; } = async (_, connection) =>
    {
        await connection.SendAsync("220 mail.example ESMTP\r\n");
        connection.Close();
    };

    /// <summary>Sends the headers and a part of the body, and then nothing any more on an open connection.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers promise.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour FallSilent(ReadOnlyMemory<byte> part, long promised) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.Head(200, promised));
        await connection.SendAsync(part);
        await Task.Delay(Timeout.Infinite, connection.Stopping);
    };

    /// <summary>Sends a header byte by byte without an end in sight: no pause is long.</summary>
    /// <param name="gap">The time between two bytes.</param>
    /// <returns>The behaviour.</returns>
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
    /// <param name="chunk">Each of them.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour NeverEnd(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.ChunkedHead);
        while (true)
        {
            await Answers.SendChunkAsync(connection, chunk);
        }
    };

    /// <summary>Sends a part of the body and closes the connection in order.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers promise.</param>
    /// <param name="headers">Further headers, each a whole line.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour BreakOff(ReadOnlyMemory<byte> part, long promised, params string[] headers) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.Head(200, promised, headers));
        await connection.SendAsync(part);
        connection.Close();
    };

    /// <summary>Sends a chunk and closes the connection in order, without the last chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour BreakOffChunked(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.ChunkedHead);
        await Answers.SendChunkAsync(connection, chunk);
        connection.Close();
    };

    /// <summary>Sends a chunk, and then bytes that are no chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour GarbleChunks(ReadOnlyMemory<byte> chunk) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.ChunkedHead);
        await Answers.SendChunkAsync(connection, chunk);
        await connection.SendAsync("not a length\r\n");
        connection.Close();
    };

    /// <summary>Sends a part of the body and resets the connection once the client has read it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers promise.</param>
    /// <param name="hasRead">Ends when the client has read the part: a reset throws away what is still under way.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour ResetInBody(ReadOnlyMemory<byte> part, long promised, Task hasRead) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.Head(200, promised));
        await connection.SendAsync(part);
        await hasRead.WaitAsync(connection.Stopping);
        connection.Reset();
    };

    /// <summary>Sends a part of a body that ends with its connection, and resets that once the client has read the part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="hasRead">Ends when the client has read the part.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour ResetWithoutLength(ReadOnlyMemory<byte> part, Task hasRead) => async (_, connection) =>
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        await connection.SendAsync(part);
        await hasRead.WaitAsync(connection.Stopping);
        connection.Reset();
    };

    /// <summary>Sends a part of the body over TLS, then the start of a TLS record that never ends, and closes.</summary>
    /// <param name="part">The part.</param>
    /// <param name="promised">The length that the headers promise.</param>
    /// <returns>The behaviour.</returns>
    public static Behaviour BreakOffInTlsRecord(ReadOnlyMemory<byte> part, long promised) => async (_, connection) =>
    {
        await connection.SendAsync(Answers.Head(200, promised));
        await connection.SendAsync(part);
        // An application data record (23) of TLS 1.2's number that claims 64 bytes and has four.
        await connection.SendUnderTlsAsync(new byte[] { 23, 3, 3, 0, 64, 1, 2, 3, 4 });
        connection.Close();
    };
}
