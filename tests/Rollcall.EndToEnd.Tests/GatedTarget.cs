using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollcall.EndToEnd.Tests;

/// <summary>
/// A real HTTP server that records every request, and whose answers a test can hold back: before they begin, or in the middle of their
/// bodies. An answer is the payload, padded to a length, so that a test can tell whose it is.
/// </summary>
sealed class GatedTarget : IAsyncDisposable
{
    readonly WebApplication app;
    readonly SemaphoreSlim arrivals = new(0);
    readonly SemaphoreSlim halves = new(0);
    volatile TaskCompletionSource beforeAnswer = Opened();
    volatile TaskCompletionSource midBody = Opened();
    volatile Func<string, bool> isHeld = _ => true;
    int inFlight;

    GatedTarget(WebApplication app, int answerBytes)
    {
        this.app = app;
        AnswerBytes = answerBytes;
    }

    /// <summary>The length of an answer; 0 for an echo.</summary>
    public int AnswerBytes { get; }

    public int Status { get; set; } = 200;

    /// <summary>The payloads that are answered with 500, whatever <see cref="Status"/> is.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>How many requests are received and not answered to the end.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    public string Url => app.Urls.First() + "/";

    /// <summary>How often each payload was received, by its text.</summary>
    public ConcurrentDictionary<string, int> Received { get; } = new();

    /// <summary>The idempotency keys that each payload came with.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Keys { get; } = new();

    /// <summary>The headers that each request came with.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = new();

    /// <summary>When the first request came; the end of time where none did.</summary>
    public DateTimeOffset FirstArrival { get; private set; } = DateTimeOffset.MaxValue;

    public int ReceivedInAll => Received.Values.Sum();

    public static async Task<GatedTarget> StartAsync(int answerBytes = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var target = new GatedTarget(builder.Build(), answerBytes);
        target.app.Run(target.AnswerAsync);
        await target.app.StartAsync();
        return target;
    }

    public static byte[] AnswerTo(string payload, int bytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(payload);
        byte[] answer = new byte[Math.Max(bytes, text.Length)];
        answer.AsSpan().Fill((byte)'.');
        text.CopyTo(answer, 0);
        return answer;
    }

    /// <summary>Holds every answer back before it begins, until <see cref="Open"/>.</summary>
    /// <param name="which">The payloads whose answers are held back; all where it is null.</param>
    public void HoldBeforeAnswer(Func<string, bool>? which = null)
    {
        isHeld = which ?? (_ => true);
        beforeAnswer = Closed();
    }

    /// <summary>Holds every answer back when half of its body is sent, until <see cref="Open"/>.</summary>
    public void HoldMidBody() => midBody = Closed();

    /// <summary>Lets the answers go that are held back before they begin, and holds back those to come.</summary>
    public void Release()
    {
        var held = beforeAnswer;
        beforeAnswer = Closed();
        held.TrySetResult();
    }

    public void Open()
    {
        beforeAnswer.TrySetResult();
        midBody.TrySetResult();
    }

    /// <summary>Waits until so many more requests have arrived.</summary>
    public Task WaitForArrivalsAsync(int count) => TakeAsync(arrivals, count);

    /// <summary>Waits until so many more answers are sent by half.</summary>
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

    async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string payload = await reader.ReadToEndAsync();

        // Before anybody can know of the request, so that whoever does and opens the gate opens it for this one too.
        var gate = isHeld(payload) ? beforeAnswer.Task : Task.CompletedTask;
        Note(context, payload);
        Interlocked.Increment(ref inFlight);
        arrivals.Release();
        try
        {
            await gate.WaitAsync(context.RequestAborted);
            await AnswerAsync(context, payload);
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

    async Task AnswerAsync(HttpContext context, string payload)
    {
        byte[] answer = AnswerTo(payload, AnswerBytes);
        context.Response.StatusCode = Fails(payload) ? 500 : Status;
        context.Response.ContentLength = answer.Length;
        int half = answer.Length / 2;
        await context.Response.Body.WriteAsync(answer.AsMemory(0, half), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        halves.Release();
        await midBody.Task.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(answer.AsMemory(half), context.RequestAborted);
    }
}
