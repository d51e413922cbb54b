using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>A real HTTP server that answers each payload as it asks, and records what came and how much of it at once.</summary>
sealed class PayloadTarget : IAsyncDisposable
{
    readonly WebApplication app;
    readonly Lock gate = new();
    int inFlight;

    PayloadTarget(WebApplication app) => this.app = app;

    public string Url => app.Urls.First() + "/score";

    /// <summary>How long an answer takes, so that requests overlap.</summary>
    public TimeSpan AnswerTime { get; init; }

    /// <summary>The most requests that were in flight at once.</summary>
    public int MostInFlight { get; private set; }

    /// <summary>The headers of every request, in the order of arrival.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = new();

    public static async Task<PayloadTarget> StartAsync(TimeSpan answerTime = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var target = new PayloadTarget(builder.Build()) { AnswerTime = answerTime };
        target.app.Run(target.CountAsync);
        await target.app.StartAsync();
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    async Task CountAsync(HttpContext context)
    {
        lock (gate)
        {
            MostInFlight = Math.Max(MostInFlight, ++inFlight);
        }

        try
        {
            await AnswerAsync(context);
        }
        finally
        {
            lock (gate)
            {
                inFlight--;
            }
        }
    }

    async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var payload = Payload.Parse(bytes.Span);
        await Task.Delay(AnswerTime, context.RequestAborted);

        byte[] answer = payload.AnswerTo(bytes.Span);
        context.Response.StatusCode = payload.Fault == PayloadFault.Status500 ? 500 : 200;
        context.Response.ContentType = payload.IsBinary ? "application/octet-stream" : "text/plain";
        context.Response.ContentLength = answer.Length;
        int length = payload.Fault == PayloadFault.CutBody ? answer.Length / 2 : answer.Length;
        await context.Response.Body.WriteAsync(answer.AsMemory(0, length), context.RequestAborted);
        if (length < answer.Length)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
