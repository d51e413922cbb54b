using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Batches;

public sealed class BatchControlTests
{
    static readonly BatchManifest Manifest = TestBatch.ManifestOf(10) with { Options = new BatchOptions { Concurrency = 8, RatePerSecond = 5, DeadlineSeconds = 60 } };
    static readonly DateTimeOffset Start = Manifest.CreatedAt;

    readonly BatchControl control = BatchControl.Of(Manifest);

    [Fact]
    public void Control_OfABatchThatWasNeverChanged_IsWhatItsOptionsSay()
    {
        Assert.Equal((0, 1, 8, 5d, false), (control.Version, control.Run, control.Concurrency, control.RatePerSecond, control.IsPaused));
        Assert.Equal(Start, control.RunStartsAt);
        Assert.Equal(Start.AddSeconds(60), control.DeadlineOf(Manifest));
        Assert.Null(control.FindStop(Manifest, Start));
    }

    [Fact]
    public void Deadline_OfABatchThatStartsLater_CountsFromItsStart()
    {
        var later = Manifest with { StartAt = Start.AddHours(1) };
        Assert.Equal(Start.AddHours(1).AddSeconds(60), BatchControl.Of(later).DeadlineOf(later));
        var earlier = Manifest with { StartAt = Start.AddHours(-1) };
        Assert.Equal(Start.AddSeconds(60), BatchControl.Of(earlier).DeadlineOf(earlier));
    }

    [Fact]
    public void Deadline_ThatHasPassed_StopsTheBatch()
    {
        Assert.Null(control.FindStop(Manifest, Start.AddSeconds(59.9)));
        var stop = control.FindStop(Manifest, Start.AddSeconds(60))!;
        Assert.Equal((StopKind.Expired, Start.AddSeconds(60)), (stop.Kind, stop.At));
        Assert.Equal("The deadline of 60 s passed at 2026-01-02 03:05:00Z.", stop.Reason);
    }

    [Fact]
    public void Stop_ThatCameFirst_Stays()
    {
        var first = new BatchStop(StopKind.Cancelled, "first", Start);
        var stopped = control.Paused(isPaused: true).Stopped(first);
        Assert.False(stopped.IsPaused);
        Assert.Same(stopped, stopped.Stopped(new BatchStop(StopKind.Failed, "second", Start)));
        Assert.Equal(first, stopped.FindStop(Manifest, Start.AddHours(1)));
    }

    [Fact]
    public void Change_ToWhatIsSoAlready_IsNone()
    {
        Assert.Same(control, control.Paused(isPaused: false));
        Assert.Same(control, control.Bounded(8, 5));
        Assert.Equal(1, control.Bounded(8, ratePerSecond: null).Version);
        Assert.Equal(1, control.Paused(isPaused: true).Version);
    }

    [Fact]
    public void Redrive_OfAStoppedBatch_BeginsAnew()
    {
        var next = control.Stopped(new BatchStop(StopKind.Cancelled, "why", Start)).Redriven(Start.AddDays(1), [ItemErrorCode.Timeout]);
        Assert.Equal((2, 2), (next.Version, next.Run));
        Assert.Null(next.FindStop(Manifest, Start.AddDays(1)));
        Assert.Equal(Start.AddDays(1).AddSeconds(60), next.DeadlineOf(Manifest));
        Assert.Equal([ItemErrorCode.Timeout], next.OnlyCodes);
    }
}
