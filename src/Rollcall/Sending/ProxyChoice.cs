using System.Net;
using System.Net.Sockets;

namespace Rollcall.Sending;

/// <summary>
/// The proxy that requests go through: one that was given, or else that of the environment, <c>http_proxy</c>, <c>https_proxy</c> and
/// <c>all_proxy</c> as .NET reads them; and <c>no_proxy</c> as curl reads it. If a proxy cannot be reached, the error names it.
/// </summary>
public sealed class ProxyChoice : IWebProxy
{
    readonly IWebProxy proxy;
    readonly NoProxyList bypassed;

    /// <summary>Makes the choice.</summary>
    /// <param name="proxy">The proxy; null for that of this process's environment.</param>
    /// <param name="bypassed">The hosts that none is used for, as a <see cref="NoProxyList"/>; null for those of the environment.</param>
    public ProxyChoice(IWebProxy? proxy = null, string? bypassed = null)
    {
        this.proxy = proxy ?? HttpClient.DefaultProxy;
        this.bypassed = NoProxyList.Parse(
            bypassed ?? Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"));
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

    /// <summary>Makes a handler use the proxy.</summary>
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

    // The connection goes to the proxy if the request's own host is a different one, or is requested through the proxy.
    Uri? FindProxy(SocketsHttpConnectionContext context) =>
        context.InitialRequestMessage.RequestUri is { } url && !IsBypassed(url) && GetProxy(url) is { } found
            && found.Host == context.DnsEndPoint.Host && found.Port == context.DnsEndPoint.Port
            ? found
            : null;
}
