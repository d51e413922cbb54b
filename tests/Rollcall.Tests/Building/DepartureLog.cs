using System.Collections.Concurrent;
using Rollcall.Sending;

namespace Rollcall.Tests.Building;

/// <summary>
/// When the requests of one or more senders left. The target sees a request later, because a busy machine delays it on its way.
/// </summary>
sealed class DepartureLog
{
    readonly ConcurrentQueue<DateTimeOffset> departures = new();

    /// <summary>The departures, earliest first.</summary>
    public IReadOnlyList<DateTimeOffset> All => [.. departures.Order()];

    public HttpClient CreateClient() => SenderHttp.CreateClient(new Handler(departures));

    public void Clear() => departures.Clear();

    sealed class Handler(ConcurrentQueue<DateTimeOffset> departures) : DelegatingHandler(SenderHttp.CreateHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            departures.Enqueue(DateTimeOffset.UtcNow);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
