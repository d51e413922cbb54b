using CsCheck;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Progress;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Progress;

public sealed class BatchProgressTests
{
    readonly BatchProgress progress = new();

    [Fact]
    public void Item_ThatEnded_IsCountedWithItsBytes()
    {
        progress.ItemEnded(0, TestOutcome.Succeeded(0, "four"));
        var (counts, bytes) = progress.Snapshot();
        Assert.Equal((1, 4), (counts.Succeeded, bytes));
    }

    [Fact]
    public void Shard_WrittenAfterItsItemsEnded_IsNotCountedAgain()
    {
        ItemOutcome[] outcomes = [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Dns)];
        progress.ItemEnded(0, outcomes[1]);
        progress.ItemEnded(0, outcomes[0]);
        progress.ShardWritten(0, outcomes);
        AssertCounts(succeeded: 1, failed: 1);
    }

    [Fact]
    public void Shard_WhoseLaterItemsAnEarlierRunRecorded_IsCountedByWhatBecameOfThem()
    {
        ItemOutcome[] outcomes = [TestOutcome.Succeeded(0), TestOutcome.Failed(1, ItemErrorCode.Dns)];
        progress.ItemEnded(0, outcomes[0]);
        progress.ShardWritten(0, outcomes);
        AssertCounts(succeeded: 1, failed: 1);
    }

    [Fact]
    public void Item_WhoseActivityRanTwice_IsCountedOnce()
    {
        progress.ItemEnded(0, TestOutcome.Succeeded(0));
        progress.ItemEnded(0, TestOutcome.Succeeded(0));
        AssertCounts(succeeded: 1, failed: 0);
    }

    [Fact]
    public void Shard_FoundOnDisk_IsCountedOnceThoughItIsWrittenAgain()
    {
        var counts = new OutcomeCounts();
        counts.Add(OutcomeStatus.Succeeded, 200, null);
        progress.ShardFound(0, counts);
        progress.ShardWritten(0, [TestOutcome.Succeeded(0)]);
        AssertCounts(succeeded: 1, failed: 0);
    }

    [Fact]
    public void Item_EndingAgainAfterItsShardWasWritten_IsNotCounted()
    {
        progress.ShardWritten(0, [TestOutcome.Succeeded(0)]);
        progress.ItemEnded(0, TestOutcome.Succeeded(0));
        AssertCounts(succeeded: 1, failed: 0);
    }

    [Fact]
    public void Snapshot_TakenEarlier_DoesNotChange()
    {
        var (before, _) = progress.Snapshot();
        progress.ItemEnded(0, TestOutcome.Succeeded(0));
        Assert.Equal(0, before.Total());
    }

    /// <summary>Items of three shards of five end, some twice and some not in this process, and the shards are written, some twice.</summary>
    [Fact]
    public void Counts_OfAnyRun_NeverGoDownAndEndAtTheTruth()
    {
        Gen.Select(Gen.Int[0, 14].Array[0, 40], Gen.Int[0, 17].Array[0, 40], Gen.Bool.Array[15]).Sample((early, mixed, fails) =>
        {
            ItemOutcome[] outcomes = [.. fails.Select((f, i) => f ? TestOutcome.Failed(i, ItemErrorCode.Timeout) : TestOutcome.Succeeded(i))];
            var run = new BatchProgress();
            long last = 0;
            foreach (int step in early.Concat(mixed).Concat([15, 16, 17]))
            {
                if (step < 15)
                {
                    run.ItemEnded(step / 5, outcomes[step]);
                }
                else
                {
                    run.ShardWritten(step - 15, outcomes[((step - 15) * 5)..((step - 14) * 5)]);
                }

                long total = run.Snapshot().Counts.Total();
                Assert.InRange(total, last, 15);
                last = total;
            }

            var (counts, _) = run.Snapshot();
            Assert.Equal((15 - fails.Count(f => f), fails.Count(f => f)), (counts.Succeeded, counts.Failed));
        });
    }

    void AssertCounts(long succeeded, long failed)
    {
        var (counts, _) = progress.Snapshot();
        Assert.Equal((succeeded, failed), (counts.Succeeded, counts.Failed));
    }
}
