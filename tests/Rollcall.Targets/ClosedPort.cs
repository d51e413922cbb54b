using System.Net;
using System.Net.Sockets;

namespace Rollcall.Targets;

/// <summary>A port of 127.0.0.1 that is reserved, so that nobody else gets it, but does not listen: every connection is refused.</summary>
public sealed class ClosedPort : IDisposable
{
    readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Reserves the port.</summary>
    public ClosedPort() => socket.Bind(new IPEndPoint(IPAddress.Loopback, port: 0));

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/";

    /// <summary>Releases the port.</summary>
    public void Dispose() => socket.Dispose();
}
