using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollcall.EndToEnd.Tests.Telemetry;

/// <summary>Takes what is sent to it, as a collector of OpenTelemetry and the intake of Application Insights do.</summary>
sealed class Collector : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/{**path}", ReceiveAsync);
    }

    /// <summary>Without a slash at the end.</summary>
    public string Url => app.Urls.Single();

    /// <summary>The settings that have a process send all it has without delay.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>What came to a path.</summary>
    public IEnumerable<byte[]> At(string path) => received.Where(request => request.Path == path).Select(request => request.Body);

    /// <summary>Waits until a text has come to a path.</summary>
    public Task WaitForAsync(string path, string text) => Eventually.BeTrueAsync(
        $"'{text}' comes to {path}",
        TimeSpan.FromSeconds(60),
        () => Task.FromResult(At(path).Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await using var body = request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;
        await body.CopyToAsync(copy, request.HttpContext.RequestAborted);
        received.Enqueue((request.Path, copy.ToArray()));
        return TypedResults.Text("{\"itemsReceived\":1,\"itemsAccepted\":1,\"errors\":[]}", "application/json");
    }
}
