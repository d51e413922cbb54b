using System.Net;
using System.Net.Sockets;

namespace Rollcall.EndToEnd.Tests;

/// <summary>
/// Ports for servers that are started again at their address. They are below those that the kernel gives to whoever asks for any, which
/// another test could be given while such a server is away.
/// </summary>
static class FreePort
{
    const int First = 20_000;
    const int Count = 12_000;

    static int last = Random.Shared.Next(Count);

    /// <summary>A port of 127.0.0.1 that nobody listens on, and that this returns to nobody else for long.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
