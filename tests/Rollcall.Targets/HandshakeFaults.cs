using System.Net.Sockets;

namespace Rollcall.Targets;

/// <summary>What a target must not do with a TLS handshake, and does.</summary>
/// <param name="socket">The connection, on which nothing was read.</param>
/// <param name="stopping">Set when the target stops.</param>
/// <returns>A task that ends when the connection is done with.</returns>
public delegate Task HandshakeFault(Socket socket, CancellationToken stopping);

/// <summary>Handshakes that come to nothing.</summary>
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
    /// <param name="reply">The bytes.</param>
    /// <returns>The fault.</returns>
    public static HandshakeFault ReplyWith(ReadOnlyMemory<byte> reply) => async (socket, stopping) =>
    {
        await socket.ReceiveAsync(new byte[16 * 1024], stopping);
        await socket.SendAsync(reply, stopping);
    };
}
