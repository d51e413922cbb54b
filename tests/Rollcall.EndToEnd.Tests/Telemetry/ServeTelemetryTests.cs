using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.EndToEnd.Tests.Serving;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Telemetry;

/// <summary>What the command line tells of its work.</summary>
/// <param name="told">A server after a batch.</param>
public sealed partial class ServeTelemetryTests(ToldServer told) : IClassFixture<ToldServer>
{
    [Fact]
    public async Task Metrics_OfAServerAfterABatch_AreWhatHappened()
    {
        string page = await ReadAsync();
        string[] lines = page.Split('\n');
        Assert.Contains("rollcall_items_total{rollcall_item_status=\"succeeded\"} 2", lines);
        Assert.Contains("rollcall_items_total{error_type=\"http-status\",rollcall_item_status=\"failed\"} 1", lines);
        Assert.Contains("rollcall_attempts_total{http_response_status_code=\"200\"} 2", lines);
        Assert.Contains("rollcall_attempt_duration_seconds_count{error_type=\"http-status\",http_response_status_code=\"404\"} 1", lines);
        Assert.Contains("rollcall_attempt_duration_seconds_bucket{http_response_status_code=\"200\",le=\"+Inf\"} 2", lines);
        Assert.Contains("rollcall_requests_active 0", lines);
        Assert.Contains("rollcall_batches_ended_total{rollcall_batch_status=\"completed\"} 1", lines);
        Assert.Contains("rollcall_seal_duration_seconds_count 1", lines);
        Assert.Contains("rollcall_intake_io_bytes_total 3", lines);
        Assert.Contains("# TYPE rollcall_batches_open gauge", lines);
        Assert.DoesNotContain(ToldServer.BatchId, page, StringComparison.Ordinal);
        Assert.All(lines[..^1], line => Assert.Matches(Line(), line));
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task Buckets_OfAHistogram_GoUpToItsCount()
    {
        var counts = (await ReadAsync()).Split('\n')
            .Where(line => line.StartsWith("rollcall_wait_duration_seconds_bucket{rollcall_wait_reason=\"turn\"", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(3, counts[^1]);
    }

    [Fact]
    public async Task Metrics_WithoutAKey_Are401()
    {
        using var http = new ServeRequest();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(HttpMethod.Get, $"{told.Url}/metrics")).Status);
    }

    [Fact]
    public async Task Metrics_OfAServerWithACollector_AreSentToIt()
    {
        await told.Collector.WaitForAsync("/v1/metrics", "rollcall.batches.ended");
        await told.Collector.WaitForAsync("/v1/metrics", "rollcall.attempt.duration");
        Assert.All(told.Collector.At("/v1/metrics"), body => Assert.Equal(-1, body.AsSpan().IndexOf("told-batch"u8)));
    }

    [Fact]
    public async Task Spans_OfABatch_GoFromTheCallersTraceToEachAttempt()
    {
        await told.Collector.WaitForAsync("/v1/traces", "orchestration:BatchOrchestrator");
        List<SentSpan> Spans() =>
            [.. told.Collector.At("/v1/traces").SelectMany(SentSpan.ReadAll).Where(span => span.TraceId == ToldServer.TraceId)];
        await Eventually.BeTrueAsync("the batch's span comes", TimeSpan.FromSeconds(60), () => Task.FromResult(
            Spans().Exists(span => span.Name == "orchestration:BatchOrchestrator")
                && Spans().Count(span => span.Name == "rollcall.attempt") == 3));
        var spans = Spans().DistinctBy(span => span.Id).ToDictionary(span => span.Id);
        Assert.All(spans.Values.Where(span => span.Name == "rollcall.attempt"), attempt =>
        {
            var above = new List<string>();
            var span = attempt;
            while (spans.TryGetValue(span.ParentId, out var parent))
            {
                above.Add(parent.Name);
                span = parent;
            }

            // Durable Task has one span for who asks for the work and one for who does it.
            Assert.Equal(
                [
                    "activity:PostItem",
                    "orchestration:ShardOrchestrator",
                    "orchestration:BatchOrchestrator",
                    "create_orchestration:BatchOrchestrator",
                    "Microsoft.AspNetCore.Hosting.HttpRequestIn",
                ],
                above.Distinct());
            Assert.Equal(ToldServer.CallersSpan, span.ParentId);
        });
        Assert.All(
            told.Target.Requests,
            request => Assert.StartsWith($"00-{ToldServer.TraceId}-", request.Headers["traceparent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Spans_OfARequestWithAKeyInItsQuery_DoNotHaveTheKey()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var http = new ServeRequest();
        await http.SendAsync(
            HttpMethod.Get,
            $"{told.Url}/api/batches/{ToldServer.BatchId}?code={ToldServer.Key}",
            headers: ("traceparent", $"00-{Trace}-{ToldServer.CallersSpan}-01"));
        await Eventually.BeTrueAsync("the request's span comes", TimeSpan.FromSeconds(60), () =>
            Task.FromResult(told.Collector.At("/v1/traces").SelectMany(SentSpan.ReadAll).Any(span => span.TraceId == Trace)));
        Assert.All(
            told.Collector.At("/v1/traces"),
            body => Assert.Equal(-1, body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ToldServer.Key))));
    }

    [Fact]
    public async Task Run_WithACollector_HasSentItsMetricsWhenItEnds()
    {
        await using var collector = await Collector.StartAsync();
        await using var target = Target.Start(Responses.Echo);
        using var folder = new RunFolder(items: 1);
        using var run = CliProcess.StartWith(
            new Dictionary<string, string>(collector.Settings) { ["OTEL_METRIC_EXPORT_INTERVAL"] = "3600000" },
            folder.Run(target.Url));
        (await run.WaitAsync()).RequireExit(0);
        Assert.Contains(collector.At("/v1/metrics"), body => body.AsSpan().IndexOf("rollcall.seal.duration"u8) >= 0);
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("nonsense")]
    public async Task Run_WithACollectorThatIsNoUrl_SendsNothingAndSaysSo(string endpoint)
    {
        await using var target = Target.Start(Responses.Echo);
        using var folder = new RunFolder(items: 1);
        using var run = CliProcess.StartWith(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint },
            folder.Run(target.Url));
        var result = await run.WaitAsync();
        result.RequireExit(2);
        Assert.Contains($"OTEL_EXPORTER_OTLP_ENDPOINT is '{endpoint}'", result.Errors, StringComparison.Ordinal);
        Assert.Empty(target.Requests);
        Assert.False(Directory.Exists(folder.State), "The state folder was made.");
    }

    async Task<string> ReadAsync()
    {
        using var http = new ServeRequest();
        var (status, page, _) = await http.SendAsync(HttpMethod.Get, $"{told.Url}/metrics", headers: ("x-functions-key", ToldServer.Key));
        Assert.Equal(HttpStatusCode.OK, status);
        return page;
    }

    [GeneratedRegex("""^(# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [0-9.E+-]+)$""")]
    private static partial Regex Line();
}
