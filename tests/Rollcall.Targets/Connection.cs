using System.Net.Sockets;
using System.Text;

namespace Rollcall.Targets;

/// <summary>A client's connection, on which a target responds or misbehaves.</summary>
/// <param name="socket">The socket.</param>
/// <param name="stream">The stream over it, with TLS if the target has it.</param>
/// <param name="stopping">Cancelled when the target stops.</param>
public sealed class Connection(Socket socket, Stream stream, CancellationToken stopping)
{
    /// <summary>Cancelled when the target stops. Silent behaviours wait for it.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>Whether the connection accepts no further request.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends bytes.</summary>
    /// <returns>A task that completes when the operating system has them.</returns>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, Stopping);
        await stream.FlushAsync(Stopping);
    }

    /// <summary>Sends text, as Latin-1.</summary>
    /// <returns>A task that completes when the operating system has it.</returns>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits until the client sends more.</summary>
    /// <returns>A task that completes with the first byte.</returns>
    public async Task ReceiveAsync() => await stream.ReadExactlyAsync(new byte[1], Stopping);

    /// <summary>Sends bytes straight to the socket, bypassing TLS.</summary>
    /// <returns>A task that completes when the operating system has them.</returns>
    public async Task SendUnderTlsAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes, Stopping);

    /// <summary>Closes the connection in an orderly way, without another byte.</summary>
    public void Close()
    {
        IsClosed = true;
        socket.Shutdown(SocketShutdown.Both);
        socket.Close();
    }

    /// <summary>Closes the connection with a reset.</summary>
    public void Reset()
    {
        IsClosed = true;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
