using System.Net;
using System.Net.Sockets;

namespace Rollcall.Sending;

/// <summary>
/// The proxy of the environment: <c>http_proxy</c>, <c>https_proxy</c> and <c>all_proxy</c> as .NET reads them, and <c>no_proxy</c> as curl
/// does. One that cannot be reached is named.
/// </summary>
public sealed class EnvironmentProxy : IWebProxy
{
    readonly IWebProxy proxy;
    readonly NoProxyList bypassed;

    /// <summary>Makes the proxy of this process's environment.</summary>
    public EnvironmentProxy()
        : this(HttpClient.DefaultProxy, Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"))
    {
    }

    internal EnvironmentProxy(IWebProxy proxy, string? bypassed)
    {
        this.proxy = proxy;
        this.bypassed = NoProxyList.Parse(bypassed);
    }

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => bypassed.Has(destination) ? null : proxy.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => bypassed.Has(host) || proxy.IsBypassed(host);

    /// <summary>Has a handler go through the proxy.</summary>
    public void Use(SocketsHttpHandler handler)
    {
        handler.Proxy = this;
        handler.ConnectCallback = ConnectAsync;
    }

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException exception) when (FindProxy(context) is { } url && !LocalShortage.IsOf(exception))
        {
            socket.Dispose();
            throw new IOException(
                $"The proxy {url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} is not reachable: "
                + $"{exception.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A connection is to the proxy where the request's own host is another, or is asked for through it.
    Uri? FindProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.RequestUri is { } url && !IsBypassed(url) && GetProxy(url) is { } found
            && found.Host == context.DnsEndPoint.Host && found.Port == context.DnsEndPoint.Port
            ? found
            : null;
}
