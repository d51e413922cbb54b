using System.Collections.Concurrent;
using Rollcall.Batches;
using Rollcall.Credentials;

namespace Rollcall.Sending;

/// <summary>
/// Sends the requests of targets with <see cref="TargetTls"/> over connections that no other target shares: a connection that was made with
/// a certificate speaks for whoever has it.
/// </summary>
/// <param name="usual">Sends all others.</param>
/// <param name="find">Finds the texts; null if this process has none.</param>
/// <param name="create">Makes the handler of a transport.</param>
sealed class TransportChoice(HttpMessageHandler usual, SecretLookup? find, Func<SenderTransport, HttpMessageHandler> create)
    : HttpMessageHandler
{
    static readonly HttpRequestOptionsKey<TargetTls> TlsOfTarget = new("Rollcall.TargetTls");

    readonly HttpMessageInvoker others = new(usual);
    readonly ConcurrentDictionary<TlsTexts, Lazy<HttpMessageInvoker>> own = new();

    /// <summary>Marks a request.</summary>
    /// <param name="tls">What its target's connections are made with; null for the default.</param>
    public static void Mark(HttpRequestMessage request, TargetTls? tls)
    {
        if (tls is not null)
        {
            request.Options.Set(TlsOfTarget, tls);
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (request.Options.TryGetValue(TlsOfTarget, out var tls) ? Find(tls, request) : others).SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            others.Dispose();
            foreach (var made in own.Values.Where(made => made.IsValueCreated))
            {
                made.Value.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    HttpMessageInvoker Find(TargetTls tls, HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        if (OriginChoice.IsMarked(request))
        {
            // After a redirect to another origin the certificate is not given, and an authority only for origins that it is bound to.
            return tls.Ca is not null && find?.Invoke(tls.Ca, url) is { } ca ? Open(tls, new TlsTexts(null, null, ca)) : others;
        }

        return url.Scheme == Uri.UriSchemeHttps
            ? Open(tls, new TlsTexts(Require(tls.Certificate, url), Require(tls.Key, url), Require(tls.Ca, url)))
            : throw Refuse("The target has certificates for TLS, and the item's URL is not https.");
    }

    HttpMessageInvoker Open(TargetTls tls, TlsTexts texts)
    {
        try
        {
            return own.GetOrAdd(texts, key => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(create(key.Open())))).Value;
        }
        catch (CertificateException exception)
        {
            string? name = exception.IsOfAuthorities ? tls.Ca : exception.IsOfKey ? tls.Key : tls.Certificate;
            throw Refuse($"The certificate text '{name}' of the process that sends cannot be used: it {exception.Message}.");
        }
    }

    string? Require(string? name, Uri url) => name is null
        ? null
        : find?.Invoke(name, url)
            ?? throw Refuse(
                $"The process that sends has no certificate text '{name}', which target.tls names, that may be used for the target.");

    static HttpRequestException Refuse(string message) => new(message, new TargetRefusedException(message));
}
