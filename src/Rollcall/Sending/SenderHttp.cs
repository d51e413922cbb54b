using System.Net;

namespace Rollcall.Sending;

/// <summary>The HTTP client that items are sent with.</summary>
public static class SenderHttp
{
    /// <summary>Makes the client: one for the process, so that connections are kept alive and shared.</summary>
    /// <param name="addresses">Which addresses are not sent to; all are where it is null.</param>
    /// <returns>A client for <see cref="ItemSender"/>.</returns>
    public static HttpClient CreateClient(AddressCheck? addresses = null) => CreateClient(CreateHandler(addresses));

    internal static HttpClient CreateClient(HttpMessageHandler handler) => new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    internal static SocketsHttpHandler CreateHandler(AddressCheck? addresses = null)
    {
        // Without it the runtime takes a compressed body that breaks off for a whole one (dotnet/runtime#47563). It is read once, when the
        // process first decompresses anything.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = addresses is null ? null : addresses.ConnectAsync,

            // One connection has room for about a hundred requests at once, and a batch may ask for more.
            EnableMultipleHttp2Connections = true,

            // A target that moves behind its name is followed within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,

            // Through a proxy the address that is checked would be the proxy's.
            UseProxy = addresses is null,
        };
        if (addresses is null)
        {
            new EnvironmentProxy().Use(handler);
        }

        return handler;
    }
}
