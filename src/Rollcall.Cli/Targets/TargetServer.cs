using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rollcall.Cli.Targets;

/// <summary>A local HTTP server for tests: it echoes, or responds as the query says.</summary>
sealed class TargetServer : IAsyncDisposable
{
    readonly WebApplication app;

    TargetServer(WebApplication app) => this.app = app;

    /// <summary>The URL it listens on, without a trailing slash.</summary>
    public string Url =>
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Starts the server on 127.0.0.1.</summary>
    /// <param name="port">The port, or 0 for a free one.</param>
    /// <param name="plan">Chooses the response to a POST; null to follow its query.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="SocketException">The port cannot be used.</exception>
    public static async Task<TargetServer> StartAsync(int port, Func<ReadOnlyMemory<byte>, ResponsePlan>? plan = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, $"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        // The command handles Ctrl-C, not this server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Run(context => RespondAsync(context, plan));
        await app.StartAsync();
        return new TargetServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    static async Task RespondAsync(HttpContext context, Func<ReadOnlyMemory<byte>, ResponsePlan>? choose)
    {
        byte[] payload = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        ResponsePlan plan;
        if (choose is not null)
        {
            plan = choose(payload);
        }
        else if (ResponsePlan.Parse(context.Request.Query, out plan) is { } error)
        {
            await TypedResults.Problem(error, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        if (plan.DelayMs > 0)
        {
            await Task.Delay(plan.DelayMs, context.RequestAborted);
        }

        byte[] body = plan.Bytes is { } bytes ? PaddedResponse.Create(payload, bytes) : payload;
        context.Response.StatusCode = plan.Status;
        context.Response.ContentType = "application/json";
        if (plan.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        context.Response.ContentLength = body.Length;
        int piece = Math.Max(1, (body.Length + plan.Chunks - 1) / plan.Chunks);
        for (int start = 0; start < body.Length; start += piece)
        {
            if (start > 0 && plan.GapMs > 0)
            {
                await Task.Delay(plan.GapMs, context.RequestAborted);
            }

            await context.Response.Body.WriteAsync(body.AsMemory(start, Math.Min(piece, body.Length - start)), context.RequestAborted);
            if (plan.Chunks > 1)
            {
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
    }

    static async Task<byte[]> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
            {
                byte[] bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
