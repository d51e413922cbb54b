using Microsoft.Extensions.Time.Testing;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Lifecycle;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Targets;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Sending;

public sealed class ActivityLimitTests
{
    static readonly ActivityLimit Limit = new(TimeSpan.FromSeconds(15), "functionTimeout");

    [Fact]
    public async Task Attempt_ThatTheActivityHasNoTimeFor_IsLeftToTheNextActivityWithTheAttemptsBefore()
    {
        await using var target = Target.Start(Faults.NeverRespond);
        var time = new FakeTimeProvider();
        using var sender = new TestSender(time, limit: Limit) { TimeoutSeconds = 5, MaxAttempts = 10 };
        var first = await RunAsync(sender, target, time, earlier: []);
        Assert.NotNull(first.RetryAfter);
        Assert.InRange(first.Outcome.Attempts, 1, 2);
        TestSender.AssertFailed(ItemErrorCode.Timeout, first.Outcome);

        var second = await RunAsync(sender, target, time, first.Outcome.AttemptHistory!);
        Assert.Equal(2 * first.Outcome.Attempts, second.Outcome.AttemptHistory!.Count);
    }

    [Fact]
    public async Task Timeout_ThatIsLongerThanTheHostsLimit_IsCutAndSaysSo()
    {
        // A batch may have been started under another limit.
        await using var target = Target.Start(Faults.NeverRespond);
        var time = new FakeTimeProvider();
        using var sender = new TestSender(time, limit: Limit) { TimeoutSeconds = 100, MaxAttempts = 1 };
        var result = await RunAsync(sender, target, time, earlier: []);
        TestSender.AssertFailed(ItemErrorCode.Timeout, result.Outcome);
        Assert.StartsWith("The time limit of 10 s passed", result.Outcome.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 10, true)]
    [InlineData(15, 10.001, false)]
    [InlineData(300, 240, true)]
    [InlineData(300, 241, false)]
    [InlineData(1800, 1740, true)]
    public void Timeout_UpToTheLimitLessAMargin_IsAllowed(double limitSeconds, double timeoutSeconds, bool isAllowed) =>
        Assert.Equal(isAllowed, new ActivityLimit(TimeSpan.FromSeconds(limitSeconds), "functionTimeout").FindError(timeoutSeconds) is null);

    [Fact]
    public void Error_OfATimeoutThatIsTooLong_NamesTheLimitAndTheSetting() =>
        Assert.Equal(
            "is 100: this host ends whatever runs for 15 s, so up to 10 is allowed. functionTimeout sets the limit.",
            Limit.FindError(100));

    [Theory]
    [InlineData(true, "timeoutSeconds is 100: ")]
    [InlineData(false, "/options/timeoutSeconds is 100: ")]
    public async Task Batch_WhoseTimeoutIsTooLong_IsRefusedBeforeItsItemsAreRead(bool isFromQuery, string start)
    {
        using var folder = new TemporaryFolder();
        using var store = new FileBatchStore(Path.Combine(folder.Path, "batches"));
        var starter = new BatchStarter(
            store,
            new FileBatchCatalog(Path.Combine(folder.Path, "catalog")),
            TimeProvider.System,
            new RollcallOptions(),
            Limit);
        var request = new BatchRequest(
            null,
            TestBatch.ManifestOf(1).Target,
            new BatchOptions(),
            Unreadable())
        { IsFromQuery = isFromQuery };
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => starter.StartAsync(request, "new", new FakeScheduler(), TestContext.Current.CancellationToken));
        Assert.StartsWith(start, refusal.Message, StringComparison.Ordinal);
    }

    static IAsyncEnumerable<BatchItem> Unreadable() =>
        TestItems.Of(1).Select(
            (Func<BatchItem, BatchItem>)(_ => throw new InvalidOperationException("An item was read."))).ToAsyncEnumerable();

    /// <summary>Runs one activity, and requires that it ends before the host's limit.</summary>
    static async Task<SendResult> RunAsync(TestSender sender, Target target, FakeTimeProvider time, IReadOnlyList<Attempt> earlier)
    {
        var started = time.GetUtcNow();
        var sending = sender.TrySendAsync(target.Url, "{}"u8.ToArray(), earlier: earlier);
        while (await Task.WhenAny(sending, Task.Delay(20)) != sending)
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.InRange(time.GetUtcNow() - started, TimeSpan.Zero, Limit.Longest - TimeSpan.FromSeconds(2));
        return await sending;
    }
}
