using System.Net.Sockets;

namespace Rollcall.Targets;

/// <summary>A fault in a target's TLS handshake.</summary>
/// <param name="socket">The connection, from which nothing has been read.</param>
/// <param name="stopping">Cancelled when the target stops.</param>
/// <returns>A task that completes when the target is done with the connection.</returns>
public delegate Task HandshakeFault(Socket socket, CancellationToken stopping);

/// <summary>Handshakes that fail.</summary>
public static class HandshakeFaults
{
    /// <summary>Closes the connection before anything is read.</summary>
    public static HandshakeFault CloseAtOnce { get; } = (_, _) => Task.CompletedTask;

    /// <summary>Reads the client's hello and closes the connection.</summary>
    public static HandshakeFault CloseAfterHello { get; } = ReplyWith(ReadOnlyMemory<byte>.Empty);

    /// <summary>Reads the client's hello and resets the connection.</summary>
    public static HandshakeFault ResetAfterHello { get; } = async (socket, stopping) =>
    {
        await socket.ReceiveAsync(new byte[16 * 1024], stopping);
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
    };

    /// <summary>Reads the client's hello, sends bytes and closes the connection.</summary>
    public static HandshakeFault ReplyWith(ReadOnlyMemory<byte> reply) => async (socket, stopping) =>
    {
        await socket.ReceiveAsync(new byte[16 * 1024], stopping);
        await socket.SendAsync(reply, stopping);
    };
}
