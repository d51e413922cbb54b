using System.Net;
using System.Net.Security;
using Rollcall.Batches;
using Rollcall.Credentials;

namespace Rollcall.Sending;

/// <summary>The HTTP client that items are sent with.</summary>
public static class SenderHttp
{
    /// <summary>The largest head of a response, in KiB: four times the client's own default, and what browsers accept.</summary>
    internal const int MaxHeaderKilobytes = 256;

    /// <summary>Makes the client: one per process, so that connections are kept alive and shared.</summary>
    /// <param name="addresses">Which addresses are refused; null to allow all.</param>
    /// <param name="transport">How connections are made; null for the default.</param>
    /// <param name="certificates">Finds the texts that <see cref="TargetTls"/> names; null if there are none.</param>
    /// <returns>A client for <see cref="ItemSender"/>.</returns>
    public static HttpClient CreateClient(
        AddressCheck? addresses = null, SenderTransport? transport = null, SecretLookup? certificates = null)
    {
        const string Advice = "rollcall run gives one with --cert FILE, and a server with target.tls.";
        transport ??= new SenderTransport();
        var own = CreateChoice(addresses, transport, Advice);
        var anonymous = transport with { Certificate = null };
        return CreateClient(new TransportChoice(
            transport.Certificate is null
                ? own
                : new OriginChoice(own, () => CreateChoice(addresses, anonymous, "none is given after a redirect to another origin.")),
            certificates,
            ofTarget => CreateChoice(addresses, ofTarget, Advice)));
    }

    internal static HttpClient CreateClient(HttpMessageHandler handler) =>
        new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    static TlsRefusals CreateChoice(AddressCheck? addresses, SenderTransport transport, string advice)
    {
        var refusals = new TlsRefusals(transport.Certificate is not null, advice);
        SocketsHttpHandler Create(TimeSpan? lifetime)
        {
            var handler = CreateHandler(addresses, transport);
            handler.PooledConnectionLifetime = lifetime ?? handler.PooledConnectionLifetime;
            refusals.Watch(handler);
            return handler;
        }

        refusals.InnerHandler = new KeepAliveChoice(Create(lifetime: null), () => Create(TimeSpan.Zero), transport.Protocol);
        return refusals;
    }

    internal static SocketsHttpHandler CreateHandler(AddressCheck? addresses = null, SenderTransport? transport = null)
    {
        transport ??= new SenderTransport();

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
            SslOptions = CreateTls(transport),
            UseCookies = false,

            // With a proxy, the checked address would be the proxy's.
            UseProxy = addresses is null,
        };
        if (addresses is null)
        {
            (transport.Proxy ?? new ProxyChoice()).Use(handler);
        }

        return handler;
    }

    static SslClientAuthenticationOptions CreateTls(SenderTransport transport)
    {
        var check = new TargetCertificateCheck(transport.Authorities);
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = check.CreatePolicy(),
            ClientCertificateContext = transport.Certificate?.Context,

#pragma warning disable CA5359 // It is what the user asks for with --insecure.
            RemoteCertificateValidationCallback = transport.ChecksTargets ? check.Require : (_, _, _, _) => true,
#pragma warning restore CA5359
        };
    }
}
