using System.Collections.Concurrent;
using Rollcall.Sending;

namespace Rollcall.Tests.Building;

/// <summary>
/// When the requests of one or more senders left. A request is seen later at the target: a busy machine delays it on its way.
/// </summary>
sealed class DepartureLog
{
    readonly ConcurrentQueue<DateTimeOffset> departures = new();

    /// <summary>The departures, the earliest first.</summary>
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
