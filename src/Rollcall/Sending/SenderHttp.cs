using System.Net;

namespace Rollcall.Sending;

/// <summary>The HTTP client that items are sent with.</summary>
public static class SenderHttp
{
    /// <summary>Makes the client: one for the process, so that connections are kept alive and shared.</summary>
    /// <returns>A client for <see cref="ItemSender"/>.</returns>
    public static HttpClient CreateClient()
    {
        // Without it the runtime takes a compressed body that breaks off for a whole one (dotnet/runtime#47563). It is read once, when the
        // process first decompresses anything.
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", isEnabled: true);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            // A target that moves behind its name is followed within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
