using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>A real HTTP server that responds to each payload as it asks, and records what came and how much of it at once.</summary>
sealed class PayloadTarget : IAsyncDisposable
{
    readonly WebApplication app;
    readonly Lock gate = new();
    readonly TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly int atOnce;
    readonly TimeSpan responseTime;
    int inFlight;

    PayloadTarget(WebApplication app, int atOnce, TimeSpan responseTime)
    {
        this.app = app;
        this.atOnce = atOnce;
        this.responseTime = responseTime;
    }

    public string Url => app.Urls.First() + "/score";

    /// <summary>The most requests that were in flight at once.</summary>
    public int MostInFlight { get; private set; }

    /// <summary>The headers of every request, in the order of arrival.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = new();

    /// <summary>Starts a target.</summary>
    /// <param name="atOnce">It sends no response before so many requests are in flight.</param>
    /// <param name="responseTime">How long a response takes, so that requests overlap.</param>
    public static async Task<PayloadTarget> StartAsync(int atOnce = 1, TimeSpan responseTime = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var target = new PayloadTarget(builder.Build(), atOnce, responseTime);
        target.app.Run(target.CountAsync);
        await target.app.StartAsync();
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    async Task CountAsync(HttpContext context)
    {
        lock (gate)
        {
            MostInFlight = Math.Max(MostInFlight, ++inFlight);
            if (inFlight >= atOnce)
            {
                enough.TrySetResult();
            }
        }

        byte[] response;
        try
        {
            response = await MakeResponseAsync(context);
        }
        finally
        {
            // Until here the request is surely in flight. After the write the sender may have the response, and send the next one.
            lock (gate)
            {
                inFlight--;
            }
        }

        await context.Response.Body.WriteAsync(response, context.RequestAborted);
    }

    async Task<byte[]> MakeResponseAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var payload = Payload.Parse(bytes.Span);
        await enough.Task.WaitAsync(context.RequestAborted);
        await Task.Delay(responseTime, context.RequestAborted);

        byte[] response = payload.ResponseTo(bytes.Span);
        context.Response.ContentType = payload.IsBinary ? "application/octet-stream" : "text/plain";
        context.Response.ContentLength = response.Length;
        return response;
    }
}
