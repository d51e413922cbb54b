using System.Net.Sockets;
using System.Text;

namespace Rollcall.Targets;

/// <summary>A client's connection, to be answered or mistreated.</summary>
/// <param name="socket">The socket.</param>
/// <param name="stream">The stream over it, with TLS where the target has it.</param>
/// <param name="stopping">Set when the target stops.</param>
public sealed class Connection(Socket socket, Stream stream, CancellationToken stopping)
{
    /// <summary>Set when the target stops: silent behaviours wait for it.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>Whether the connection takes no further request.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>A task that ends when they are with the operating system.</returns>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, Stopping);
        await stream.FlushAsync(Stopping);
    }

    /// <summary>Sends text, as Latin-1.</summary>
    /// <param name="text">The text.</param>
    /// <returns>A task that ends when it is with the operating system.</returns>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits until the client sends more.</summary>
    /// <returns>A task that ends with the first bytes.</returns>
    public async Task ReceiveAsync() => await stream.ReadExactlyAsync(new byte[1], Stopping);

    /// <summary>Sends bytes past TLS, straight to the socket.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>A task that ends when they are with the operating system.</returns>
    public async Task SendUnderTlsAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes, Stopping);

    /// <summary>Closes the connection in order, without another byte.</summary>
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
