using System.Diagnostics;
using System.Text.RegularExpressions;
using Rollcall.Batches;
using Rollcall.Targets;
using Rollcall.Telemetry;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

public sealed partial class ItemSenderTraceTests
{
    [Fact]
    public async Task Attempts_OfAnItem_HaveOneTraceAndASpanEach()
    {
        await using var target = Target.Start(Responses.With(500, ""));
        using var sender = new TestSender { MaxAttempts = 3 };
        await sender.SendAsync(target.Url);
        var parents = target.Requests.Select(r => TraceParent().Match(r.Headers["traceparent"])).ToList();
        Assert.All(parents, match => Assert.True(match.Success, "A traceparent is not what W3C Trace Context says."));
        Assert.Single(parents.Select(match => match.Groups["trace"].Value).Distinct());
        Assert.Equal(3, parents.Select(match => match.Groups["span"].Value).Distinct().Count());
    }

    [Fact]
    public async Task Attempts_AfterADurableWait_HaveTheSameTraceAndAnotherItemHasNot()
    {
        await using var target = Target.Start(Responses.With(500, "", "Retry-After: 120"));
        var traces = new List<string>();
        foreach (long index in new long[] { 0, 0, 1 })
        {
            // As in another process: nothing but the batch is the same.
            using var sender = new TestSender { MaxAttempts = 3 };
            await sender.TrySendAsync(target.Url, "{}"u8.ToArray(), index);
            traces.Add(TraceParent().Match(target.Requests[^1].Headers["traceparent"]).Groups["trace"].Value);
        }

        Assert.Equal(traces[0], traces[1]);
        Assert.NotEqual(traces[0], traces[2]);
    }

    [Fact]
    public async Task Attempt_WhereTheHostHasASpan_IsInItsTrace()
    {
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender();
        using var host = new Activity("host").Start();
        await sender.SendAsync(target.Url);
        Assert.Equal(
            host.TraceId.ToHexString(),
            TraceParent().Match(Assert.Single(target.Requests).Headers["traceparent"]).Groups["trace"].Value);
        Assert.Same(host, Activity.Current);
    }

    [Fact]
    public async Task Attempt_WhereSomebodyListens_IsASpanThatSaysHowItEnded()
    {
        string key = $"span-{Guid.NewGuid():N}";
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BatchTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var target = Target.StartSequence(Responses.With(500, ""), Responses.Echo);
        using var sender = new TestSender { MaxAttempts = 2 };
        using var host = new Activity(key).Start();
        await sender.SendAsync(target.Url, index: 5);

        // Other tests send at the same time.
        var own = spans.Where(span => span.TraceId == host.TraceId).ToList();
        Assert.Equal(["http-status", null], own.Select(span => span.GetTagItem("error.type")));
        Assert.Equal([1, 2], own.Select(span => span.GetTagItem("rollcall.attempt")));
        Assert.All(own, span => Assert.Equal(5L, span.GetTagItem("rollcall.item.index")));
        Assert.All(target.Requests, request => Assert.EndsWith("-01", request.Headers["traceparent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task TraceParent_ThatTheBatchHas_IsLeftAsItIs()
    {
        const string Given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var target = Target.Start(Responses.Echo);
        using var sender = new TestSender { Headers = { ["traceparent"] = new TargetHeader { Value = Given } } };
        await sender.SendAsync(target.Url);
        Assert.Equal(Given, Assert.Single(target.Requests).Headers["traceparent"]);
    }

    [GeneratedRegex("^00-(?<trace>(?!0{32})[0-9a-f]{32})-(?<span>(?!0{16})[0-9a-f]{16})-0[01]$")]
    private static partial Regex TraceParent();
}
