using System.Collections.Concurrent;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Rollcall.Sending;

/// <summary>
/// Names the refusal of a TLS connection that has to do with the client's certificate. With TLS 1.3 it arrives when the connection is
/// already in use: as an alert, or, from servers that send none, such as Kestrel on Linux, as its end.
/// </summary>
/// <param name="hasCertificate">Whether the connections have a certificate to give.</param>
/// <param name="advice">The end of a sentence that says that none was given.</param>
sealed class TlsRefusals(bool hasCertificate, string advice) : DelegatingHandler
{
    // The targets that asked for a certificate, and whether they have responded to a request after that.
    readonly ConcurrentDictionary<string, bool> asking = new(StringComparer.OrdinalIgnoreCase);

    // The connections without a certificate whose targets asked for one.
    readonly ConditionalWeakTable<object, object> asked = [];

    /// <summary>Notes which targets ask the connections of a handler for a certificate.</summary>
    public void Watch(SocketsHttpHandler handler)
    {
        if (!hasCertificate)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = GiveNone;
        }

        var filter = handler.PlaintextStreamFilter!;
        handler.PlaintextStreamFilter = (context, cancellationToken) =>
        {
            if (context.PlaintextStream is SslStream connection
                && (connection.IsMutuallyAuthenticated || asked.TryGetValue(connection, out _)))
            {
                asking.TryAdd(context.InitialRequestMessage.RequestUri!.Authority, false);
            }

            return filter(context, cancellationToken);
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri!.Scheme == Uri.UriSchemeHttps
            ? SendByTlsAsync(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    async Task<HttpResponseMessage> SendByTlsAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string target = request.RequestUri!.Authority;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            asking.TryUpdate(target, newValue: true, comparisonValue: false);
            return response;
        }
        catch (HttpRequestException exception) when (FindReason(exception, target) is { } reason)
        {
            throw new HttpRequestException(HttpRequestError.SecureConnectionError, reason, new TlsRefusedException(reason));
        }
    }

    // The first call is before the handshake; another one means that the target asks.
    X509Certificate GiveNone(
        object sender, string host, X509CertificateCollection own, X509Certificate? target, string[] issuers)
    {
        if (target is not null)
        {
            asked.TryAdd(sender, sender);
        }

        return null!;
    }

    string? FindReason(HttpRequestException exception, string target)
    {
        var chain = ItemFailure.ChainOf(exception).ToList();
        if (TlsAlert.FindOfClientCertificate(chain) is { } alert)
        {
            return Describe($"with the TLS alert {alert}");
        }

        if (!hasCertificate && TlsAlert.IsHandshakeFailure(chain))
        {
            return $"The target refused the TLS handshake (alert handshake_failure). If it asks for a client certificate: {advice}";
        }

        // A target that has responded before can have many reasons to close a connection.
        return asking.TryGetValue(target, out bool hasResponded) && !hasResponded && IsEndOfConnection(exception, chain)
            ? Describe("by closing the connection")
            : null;
    }

    static bool IsEndOfConnection(HttpRequestException exception, List<Exception> chain) =>
        exception.HttpRequestError == HttpRequestError.Unknown
        || chain.Any(e => e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded });

    string Describe(string how) => hasCertificate
        ? $"The target refused the client certificate {how}. Check that it accepts this certificate, and that those of the authorities "
            + "between it and the root are given with it."
        : $"The target asks for a client certificate, and refused the connection {how}: {advice}";
}
