using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests;

/// <summary>
/// A real HTTP server that echoes, takes its time, may refuse what is more than it takes at once, and measures what it gets.
/// </summary>
sealed class MeteredTarget : IAsyncDisposable
{
    /// <summary>The header by which a sender may say who it is.</summary>
    public const string SenderHeader = "X-Sender";

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly WebApplication app;
    readonly ConcurrentQueue<DateTimeOffset> arrivals = new();
    readonly StallMeter stalls = StallMeter.Start();
    readonly Lock gate = new();
    readonly TaskCompletionSource awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int inFlight;
    double left;
    DateTimeOffset? filledAt;

    MeteredTarget(WebApplication app) => this.app = app;

    public string Url => app.Urls.First() + "/";

    /// <summary>How long a response takes.</summary>
    public TimeSpan ResponseTime { get; set; }

    /// <summary>How many requests at once are taken; others are refused at once.</summary>
    public int Takes { get; set; } = int.MaxValue;

    /// <summary>How many requests per second are taken, after as many at once; others are refused.</summary>
    public double TakesPerSecond { get; set; } = double.PositiveInfinity;

    /// <summary>The status of a refusal.</summary>
    public int RefusalStatus { get; set; } = StatusCodes.Status429TooManyRequests;

    /// <summary>The <c>Retry-After</c> of a refusal, in seconds; null for none.</summary>
    public int? RetryAfterSeconds { get; set; }

    /// <summary>How many senders must have sent before any request gets a response.</summary>
    public int SendersAwaited { get; set; }

    /// <summary>How many requests must be in flight at once before any gets a response.</summary>
    public int RequestsAwaited { get; set; }

    /// <summary>The most requests that were in flight at once.</summary>
    public int MostInFlight { get; private set; }

    /// <summary>When each refusal was made.</summary>
    public ConcurrentQueue<DateTimeOffset> Refusals { get; } = new();

    /// <summary>How many requests came from each sender that said who it is.</summary>
    public ConcurrentDictionary<string, int> Senders { get; } = new();

    /// <summary>When each request arrived, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Arrivals => [.. arrivals.Order()];

    /// <summary>How many requests arrived per second, from the first to the last.</summary>
    public double MeanPerSecond => (Arrivals.Count - 1) / (Arrivals[^1] - Arrivals[0]).TotalSeconds;

    /// <summary>Requires that no second, from the first one on, had more than 5 % over a rate.</summary>
    /// <param name="ratePerSecond">The rate.</param>
    /// <param name="from">The time from the first arrival on that is not counted.</param>
    public void RequireRate(double ratePerSecond, TimeSpan from = default)
    {
        var all = Arrivals;
        var (at, most) = all.Where(at => at - all[0] >= from)
            .Select(at => (at, all.Count(other => other >= at && other - at < Second)))
            .MaxBy(second => second.Item2);
        Assert.True(
            most <= stalls.MostAt(ratePerSecond),
            $"{most} requests came in the second from {at - all[0]} on; {ratePerSecond} are allowed. The measurement stalled for "
            + $"{stalls.Longest.TotalMilliseconds:F0} ms at most.");
    }

    /// <summary>Starts it.</summary>
    /// <param name="url">Where it listens; null for any free port.</param>
    public static async Task<MeteredTarget> StartAsync(string? url = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, url ?? "http://127.0.0.1:0");
        var target = new MeteredTarget(builder.Build());
        target.app.Run(target.RespondAsync);
        await target.app.StartAsync();
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        await stalls.DisposeAsync();
    }

    // Under the lock.
    bool TakeOne()
    {
        if (double.IsPositiveInfinity(TakesPerSecond))
        {
            return true;
        }

        var now = DateTimeOffset.UtcNow;
        double more = filledAt is { } then ? (now - then).TotalSeconds * TakesPerSecond : TakesPerSecond;
        (left, filledAt) = (Math.Min(TakesPerSecond, left + more), now);
        if (left < 1)
        {
            return false;
        }

        left--;
        return true;
    }

    async Task RespondAsync(HttpContext context)
    {
        arrivals.Enqueue(DateTimeOffset.UtcNow);
        Senders.AddOrUpdate(context.Request.Headers[SenderHeader].ToString(), 1, (_, count) => count + 1);
        bool isTaken;
        lock (gate)
        {
            MostInFlight = Math.Max(MostInFlight, ++inFlight);
            isTaken = inFlight <= Takes && TakeOne();
            if (Senders.Count >= SendersAwaited && inFlight >= RequestsAwaited)
            {
                awaited.TrySetResult();
            }
        }

        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            if (isTaken)
            {
                await awaited.Task.WaitAsync(context.RequestAborted);
                await Task.Delay(ResponseTime, context.RequestAborted);
                await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted);
                return;
            }

            Refusals.Enqueue(DateTimeOffset.UtcNow);
            context.Response.StatusCode = RefusalStatus;
            if (RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            lock (gate)
            {
                inFlight--;
            }
        }
    }
}
