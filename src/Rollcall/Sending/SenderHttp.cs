using System.Net;

namespace Rollcall.Sending;

/// <summary>The HTTP client that items are sent with.</summary>
public static class SenderHttp
{
    /// <summary>The largest head of a response, in KiB: four times the client's own default, and what browsers accept.</summary>
    internal const int MaxHeaderKilobytes = 256;

    /// <summary>Makes the client: one per process, so that connections are kept alive and shared.</summary>
    /// <param name="addresses">Which addresses are refused; null to allow all.</param>
    /// <returns>A client for <see cref="ItemSender"/>.</returns>
    public static HttpClient CreateClient(AddressCheck? addresses = null) =>
        CreateClient(new KeepAliveChoice(CreateHandler(addresses), () => CreateSingleUseHandler(addresses)));

    internal static HttpClient CreateClient(HttpMessageHandler handler) =>
        new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    static SocketsHttpHandler CreateSingleUseHandler(AddressCheck? addresses)
    {
        var handler = CreateHandler(addresses);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    internal static SocketsHttpHandler CreateHandler(AddressCheck? addresses = null)
    {
        // Without this, the runtime takes a truncated compressed body for a complete one (dotnet/runtime#47563). The switch is read once,
        // when the process first decompresses anything.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,

            // Bodies are measured as they arrive and decoded after that.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = addresses is null ? null : addresses.ConnectAsync,

            // One connection has room for about a hundred requests at once, and a batch may ask for more.
            EnableMultipleHttp2Connections = true,

#pragma warning disable CA2262 // It takes 256 for a number of bytes given by mistake; the property is in KiB, and 256 KiB is what is meant.
            MaxResponseHeadersLength = MaxHeaderKilobytes,
#pragma warning restore CA2262
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult(
                context.NegotiatedHttpVersion.Major == 1 ? new Wire(context.PlaintextStream) : context.PlaintextStream),

            // If the target's name gets a new address, requests follow within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,

            // With a proxy, the checked address would be the proxy's.
            UseProxy = addresses is null,
        };
        if (addresses is null)
        {
            new EnvironmentProxy().Use(handler);
        }

        return handler;
    }
}
