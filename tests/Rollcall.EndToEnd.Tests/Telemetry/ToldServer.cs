using System.Net;
using Rollcall.EndToEnd.Tests.Client;
using Rollcall.EndToEnd.Tests.Serving;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Telemetry;

/// <summary>A server with a key and a collector, after a batch of 3 items of which one failed.</summary>
public sealed class ToldServer : IAsyncLifetime
{
    internal const string Key = "metrics-key";
    internal const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    internal const string CallersSpan = "b7ad6b7169203331";
    internal const string BatchId = "told-batch";

    Target? target;
    Collector? collector;
    LocalServer? server;

    internal string Url => server!.Url;

    internal Collector Collector => collector!;

    internal Target Target => target!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        target = Target.StartSequence(Responses.Echo, Responses.With(404, "no"), Responses.Echo);
        collector = await Collector.StartAsync();
        server = await LocalServer.StartAsync(new Dictionary<string, string>(collector.Settings) { ["ROLLCALL_KEYS"] = Key });
        using var http = new ServeRequest();
        var (status, body, _) = await http.SendAsync(
            HttpMethod.Post,
            $"{Url}/api/batches",
            $$"""
            {"id":"{{BatchId}}","options":{"concurrency":1},"items":[{"body":1},{"body":2},{"body":3}],"target":{"url":"{{target.Url}}"} }
            """,
            headers: [("x-functions-key", Key), ("traceparent", $"00-{TraceId}-{CallersSpan}-01")]);
        Assert.True(status == HttpStatusCode.Accepted, body);
        var watched = await server.RunAsync("watch", BatchId, "--key", Key);
        watched.RequireExit(1);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        server?.Dispose();
        await (collector?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (target?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
