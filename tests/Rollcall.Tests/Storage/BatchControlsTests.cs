using Rollcall.Storage;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Storage;

public sealed class BatchControlsTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_InThisProcess_IsInForceAtOnceAndDurable()
    {
        using var batch = await TestBatch.Of(1);
        Assert.False((await batch.Controls.GetRulesAsync(batch.Manifest)).IsHalt);
        await batch.Controls.ChangeAsync(batch.Manifest, control => control.Paused(isPaused: true), Cancelled);
        Assert.True((await batch.Controls.GetRulesAsync(batch.Manifest)).IsPaused);
        Assert.True((await new BatchControls(batch.Store, batch.Time).ReadAsync(batch.Manifest, Cancelled)).IsPaused);
    }

    [Fact]
    public async Task Change_InAnotherProcess_IsInForceWithinASecond()
    {
        using var batch = await TestBatch.Of(1);
        var other = new BatchControls(batch.Store, batch.Time);
        await batch.Controls.GetAsync(batch.Manifest);
        await other.ChangeAsync(batch.Manifest, control => control.Bounded(1, 2), Cancelled);
        batch.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await batch.Controls.GetRulesAsync(batch.Manifest)).RatePerSecond);
    }

    [Fact]
    public async Task Changes_AtOnce_AreAllMade()
    {
        using var batch = await TestBatch.Of(1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => new BatchControls(batch.Store, batch.Time).ChangeAsync(
                batch.Manifest,
                control => control.Bounded(control.Concurrency + 1, control.RatePerSecond),
                Cancelled),
            Cancelled)));
        var control = await batch.Controls.ReadAsync(batch.Manifest, Cancelled);
        Assert.Equal((20, batch.Manifest.Options.Concurrency + 20), (control.Version, control.Concurrency));
    }

    [Fact]
    public async Task Changes_OfWhichTheFirstReturnsLast_LeaveTheNewestInForce()
    {
        using var batch = await TestBatch.Of(1);
        BatchControls? controls = null;
        bool isFirst = true;
        var store = CallHook.Wrap<IBatchStore>(batch.Store, nameof(IBatchStore.WriteControlAsync), call => WriteAsync((Task<bool>)call()!));
        controls = new BatchControls(store, batch.Time);

        await controls.ChangeAsync(batch.Manifest, control => control.Bounded(2, 2), Cancelled);

        Assert.Equal(3, (await controls.GetRulesAsync(batch.Manifest)).RatePerSecond);

        async Task<bool> WriteAsync(Task<bool> write)
        {
            bool isWritten = await write;
            if (isFirst)
            {
                isFirst = false;
                await controls!.ChangeAsync(batch.Manifest, control => control.Bounded(3, 3), Cancelled);
            }

            return isWritten;
        }
    }
}
