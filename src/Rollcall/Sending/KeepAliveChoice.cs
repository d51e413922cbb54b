using System.Net;

namespace Rollcall.Sending;

/// <summary>
/// Sends requests that have <c>Connection: close</c> over connections that are not reused: the HTTP client itself keeps such a connection
/// if the target does not close it. All others get the version of HTTP that was chosen.
/// </summary>
/// <param name="keepAlive">Sends all others.</param>
/// <param name="createSingleUse">Makes the handler for these when it is first needed.</param>
sealed class KeepAliveChoice(HttpMessageHandler keepAlive, Func<HttpMessageHandler> createSingleUse, HttpProtocolChoice protocol)
    : HttpMessageHandler
{
    readonly HttpMessageInvoker kept = new(keepAlive);
    readonly Lazy<HttpMessageInvoker> singleUse = new(() => new HttpMessageInvoker(createSingleUse()));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.ConnectionClose == true)
        {
            return singleUse.Value.SendAsync(request, cancellationToken);
        }

        if (protocol == HttpProtocolChoice.Http11)
        {
            request.Version = HttpVersion.Version11;
        }
        else if (protocol == HttpProtocolChoice.Http2PriorKnowledge && request.RequestUri!.Scheme == Uri.UriSchemeHttp)
        {
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        return kept.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            kept.Dispose();
            if (singleUse.IsValueCreated)
            {
                singleUse.Value.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
