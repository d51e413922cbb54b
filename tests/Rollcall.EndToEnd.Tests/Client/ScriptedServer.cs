using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>A server that responds as a test says, and so can misbehave.</summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly WebApplication app;

    ScriptedServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <summary>The keys that requests came with.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, Task> response)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var server = new ScriptedServer(builder.Build());
        server.app.Run(context =>
        {
            server.Keys.Enqueue(context.Request.Headers["x-functions-key"].ToString());
            return response(context);
        });
        await server.app.StartAsync();
        return server;
    }

    public static Task WriteAsync(HttpContext context, string type, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    /// <summary>Runs a command of the command line against this server, to its end.</summary>
    public Task<CliResult> RunAsync(params IEnumerable<string> arguments) => CliProcess.RunAsync([.. arguments, "--server", Url]);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }
}
