using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollcall.EndToEnd.Tests;

/// <summary>
/// A real HTTP server that records every request, and whose responses a test can hold back: before they begin, or in the middle of their
/// bodies. A response is the payload, padded to a length, so that a test can tell whose it is.
/// </summary>
sealed class GatedTarget : IAsyncDisposable
{
    readonly WebApplication app;
    readonly SemaphoreSlim arrivals = new(0);
    readonly SemaphoreSlim halves = new(0);
    volatile TaskCompletionSource beforeResponse = Opened();
    volatile TaskCompletionSource midBody = Opened();
    volatile Func<string, bool> isHeld = _ => true;
    int inFlight;

    GatedTarget(WebApplication app, int responseBytes)
    {
        this.app = app;
        ResponseBytes = responseBytes;
    }

    /// <summary>The length of a response; 0 for an echo.</summary>
    public int ResponseBytes { get; }

    public int Status { get; set; } = 200;

    /// <summary>The payloads that get 500, whatever <see cref="Status"/> is.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Whether a request with this value of <c>Authorization</c> is accepted; if not, it gets 401.</summary>
    public Func<string, bool> Accepts { get; set; } = _ => true;

    /// <summary>How many requests are received and have no complete response.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    public string Url => app.Urls.First() + "/";

    /// <summary>How often each payload was received, by its text.</summary>
    public ConcurrentDictionary<string, int> Received { get; } = new();

    /// <summary>The idempotency keys that each payload came with.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Keys { get; } = new();

    /// <summary>The headers that each request came with.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = new();

    /// <summary>When the first request came; the end of time if none did.</summary>
    public DateTimeOffset FirstArrival { get; private set; } = DateTimeOffset.MaxValue;

    public int ReceivedInAll => Received.Values.Sum();

    public static async Task<GatedTarget> StartAsync(int responseBytes = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var target = new GatedTarget(builder.Build(), responseBytes);
        target.app.Run(target.RespondAsync);
        await target.app.StartAsync();
        return target;
    }

    public static byte[] ResponseTo(string payload, int bytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(payload);
        byte[] response = new byte[Math.Max(bytes, text.Length)];
        response.AsSpan().Fill((byte)'.');
        text.CopyTo(response, 0);
        return response;
    }

    /// <summary>Holds every response back before it begins, until <see cref="Open"/>.</summary>
    /// <param name="which">The payloads whose responses are held back; all if it is null.</param>
    public void HoldBeforeResponse(Func<string, bool>? which = null)
    {
        isHeld = which ?? (_ => true);
        beforeResponse = Closed();
    }

    /// <summary>Holds every response back when half of its body is sent, until <see cref="Open"/>.</summary>
    public void HoldMidBody() => midBody = Closed();

    /// <summary>Lets the responses go that are held back before they begin, and holds back those to come.</summary>
    public void Release()
    {
        var held = beforeResponse;
        beforeResponse = Closed();
        held.TrySetResult();
    }

    public void Open()
    {
        beforeResponse.TrySetResult();
        midBody.TrySetResult();
    }

    /// <summary>Waits until so many more requests have arrived.</summary>
    public Task WaitForArrivalsAsync(int count) => TakeAsync(arrivals, count);

    /// <summary>Waits until so many more responses are sent by half.</summary>
    public Task WaitForHalvesAsync(int count) => TakeAsync(halves, count);

    public async ValueTask DisposeAsync()
    {
        Open();
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
        arrivals.Dispose();
        halves.Dispose();
    }

    static TaskCompletionSource Closed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    static TaskCompletionSource Opened()
    {
        var source = Closed();
        source.SetResult();
        return source;
    }

    static async Task TakeAsync(SemaphoreSlim semaphore, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(await semaphore.WaitAsync(TimeSpan.FromSeconds(60)), $"Only {i} of {count} came within a minute.");
        }
    }

    async Task RespondAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string payload = await reader.ReadToEndAsync();

        // Before anybody can know of the request, so that whoever does and opens the gate opens it for this one too.
        var gate = isHeld(payload) ? beforeResponse.Task : Task.CompletedTask;
        Note(context, payload);
        Interlocked.Increment(ref inFlight);
        arrivals.Release();
        try
        {
            await gate.WaitAsync(context.RequestAborted);
            await RespondAsync(context, payload);
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    void Note(HttpContext context, string payload)
    {
        var now = DateTimeOffset.UtcNow;
        lock (Received)
        {
            FirstArrival = now < FirstArrival ? now : FirstArrival;
        }

        Received.AddOrUpdate(payload, 1, (_, count) => count + 1);
        Keys.GetOrAdd(payload, _ => []).Add(context.Request.Headers["Idempotency-Key"].ToString());
        Headers.Enqueue(
            context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase));
    }

    async Task RespondAsync(HttpContext context, string payload)
    {
        byte[] response = ResponseTo(payload, ResponseBytes);
        bool isAccepted = Accepts(context.Request.Headers.Authorization.ToString());
        context.Response.StatusCode = !isAccepted ? StatusCodes.Status401Unauthorized : Fails(payload) ? 500 : Status;
        context.Response.ContentLength = response.Length;
        int half = response.Length / 2;
        await context.Response.Body.WriteAsync(response.AsMemory(0, half), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        halves.Release();
        await midBody.Task.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(response.AsMemory(half), context.RequestAborted);
    }
}
