using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Targets;
using Rollcall.Telemetry;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Telemetry;

/// <summary>What the meter tells of attempts, and of the items that they were for.</summary>
public sealed class ItemTelemetryTests : IDisposable
{
    readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    readonly BatchTelemetry telemetry;
    readonly Heard heard;

    public ItemTelemetryTests()
    {
        telemetry = new BatchTelemetry(time);
        heard = new Heard(telemetry);
    }

    public void Dispose()
    {
        heard.Dispose();
        telemetry.Dispose();
    }

    [Fact]
    public async Task Attempts_AtATarget_AreCountedAndTimedByWhatCameOfThem()
    {
        await using var target = Target.StartSequence(Responses.With(503, "busy"), Faults.CloseWithoutResponse, Responses.Echo);
        using var sender = new TestSender(telemetry: telemetry) { MaxAttempts = 2, MaxWaitSeconds = 60 };
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal(["503 http-status 1", "no-response 1", "200 1"], heard.TextOf("rollcall.attempts"));
        Assert.Equal(
            outcome.AttemptHistory!.Select(attempt => attempt.DurationMs / 1000),
            heard.Of("rollcall.attempt.duration").Select(measure => measure.Value));
        Assert.Equal(heard.Of("rollcall.attempts").Select(m => m.Tags), heard.Of("rollcall.attempt.duration").Select(m => m.Tags));
        Assert.Equal(["503 1"], heard.TextOf("rollcall.target.refusals"));
        Assert.Equal(
            ["turn", "retry", "turn", "retry", "turn"],
            heard.Of("rollcall.wait.duration").Select(m => m.Tags["rollcall.wait.reason"]));
        Assert.Equal(["0"], heard.Observe("rollcall.requests.active"));
    }

    [Fact]
    public async Task Requests_InFlight_AreCountedUntilTheirResponsesAreRead()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = Target.Start(async (request, connection) =>
        {
            arrived.SetResult();
            await gate.Task;
            await Responses.Echo(request, connection);
        });
        using var sender = new TestSender(telemetry: telemetry);
        var sending = sender.SendAsync(target.Url);
        await arrived.Task;
        Assert.Equal(["1"], heard.Observe("rollcall.requests.active"));
        gate.SetResult();
        await sending;
        Assert.Equal(["0"], heard.Observe("rollcall.requests.active"));
    }

    [Fact]
    public async Task Limit_OfATarget_IsToldOnceItHasRefusedMostRequests()
    {
        await using var target = Target.StartSequence(Responses.Echo, Responses.With(429, "", "Retry-After: 120"));
        using var sender = new TestSender(telemetry: telemetry) { MaxWaitSeconds = 600 };
        await sender.SendAsync(target.Url);
        Assert.Empty(heard.Observe("rollcall.target.limit"));
        var refused = (await Task.WhenAll(
            Enumerable.Range(1, 12).Select(index => sender.TrySendAsync(target.Url, "{}"u8.ToArray(), index))))[0];
        string limit = Assert.Single(heard.Observe("rollcall.target.limit"));
        Assert.StartsWith($"127.0.0.1 {new Uri(target.Url).Port} ", limit, StringComparison.Ordinal);

        // A wait that is left to a durable timer is told of too.
        Assert.Contains(
            heard.Of("rollcall.wait.duration"),
            m => Equals(m.Tags["rollcall.wait.reason"], "retry") && m.Value == refused.RetryAfter!.Value.TotalSeconds);
    }

    [Fact]
    public async Task Items_OfAShard_AreCountedOnceTheyAreWrittenAndNotAgain()
    {
        using var batch = await TestBatch.Of(3, itemsPerShard: 3);
        var activity = new WriteShard(batch.Store, telemetry: telemetry);
        var input = new ShardOutcomes(
            TestBatch.Id, 1, 0, [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Timeout), TestOutcome.Succeeded(2)]);
        await activity.RunAsync(TestBatch.AnyContext, input);
        await activity.RunAsync(TestBatch.AnyContext, input);
        Assert.Equal(["succeeded 2", "failed timeout 1"], heard.TextOf("rollcall.items"));
    }

    [Fact]
    public async Task Items_ThatARedriveSends_AreCountedAndNoOthers()
    {
        using var batch = await TestBatch.Of(2);
        await batch.WriteShardAsync(0, [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Timeout)]);
        await new WriteShard(batch.Store, telemetry: telemetry).RunAsync(
            TestBatch.AnyContext,
            new ShardOutcomes(TestBatch.Id, 2, 0, [TestOutcome.Succeeded(1)]));
        Assert.Equal(["succeeded 1"], heard.TextOf("rollcall.items"));
    }

    [Fact]
    public async Task Items_WhoseBodiesAreLost_AreNotCounted()
    {
        using var batch = await TestBatch.Of(1);
        var lost = TestOutcome.Succeeded(0) with { Body = TestOutcome.Stored("none", "{}"u8.ToArray(), isText: true) };
        var written = await new WriteShard(batch.Store, telemetry: telemetry).RunAsync(
            TestBatch.AnyContext,
            new ShardOutcomes(TestBatch.Id, 1, 0, [lost]));
        Assert.Equal([0L], written.Lost);
        Assert.Empty(heard.Of("rollcall.items"));
    }

    [Fact]
    public async Task Items_ThatAreNotSent_AreCountedOnce()
    {
        using var batch = await TestBatch.Of(3);
        var activity = new WriteUnsent(batch.Store, telemetry: telemetry);
        var input = new UnsentShards(TestBatch.Id, 0, 2, new BatchStop(StopKind.Cancelled, "It was cancelled.", time.GetUtcNow()));
        await activity.RunAsync(TestBatch.AnyContext, input);
        await activity.RunAsync(TestBatch.AnyContext, input);
        Assert.Equal(["cancelled cancelled 2", "cancelled cancelled 1"], heard.TextOf("rollcall.items"));
    }

    [Fact]
    public async Task Work_ThatNobodyListensTo_IsDoneAllTheSame()
    {
        using var unheard = new BatchTelemetry(time);
        await using var target = Target.Start(Responses.With(500, ""));
        using var sender = new TestSender(telemetry: unheard) { MaxAttempts = 2 };
        Assert.Equal(2, (await sender.SendAsync(target.Url)).Attempts);
        Assert.Empty(heard.All);
    }
}
