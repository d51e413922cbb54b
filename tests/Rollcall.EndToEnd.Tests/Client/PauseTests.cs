using Rollcall.Batches;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class PauseTests
{
    const int Items = 150;
    const int AtOnce = 4;

    [Fact]
    public async Task Pause_WithItemsInFlight_FinishesThoseAndSendsNoneUntilTheResume()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        string id = await PauseInFlightAsync(batch);
        using var watch = batch.Server.Begin("watch", id);
        await watch.WaitForErrorAsync("paused · ");
        batch.Target.Open();
        await batch.Api.WaitAsync(id, "the answers in flight are recorded", status => status.Done == AtOnce);

        await RequireStillAsync(batch, id, received: AtOnce);

        Assert.StartsWith(
            $"Batch '{id}' is running: {AtOnce} of {Items} done",
            await batch.CommandAsync("resume", id),
            StringComparison.Ordinal);
        (await watch.WaitAsync()).RequireExit(0);
        await RequireWholeAsync(batch, id);
        Assert.All(batch.Target.Received.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task Pause_AndAKill_IsStillPausedAfterTheRestart()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        string id = await PauseInFlightAsync(batch);

        await batch.CrashAsync();

        await RequireStillAsync(batch, id, received: AtOnce);
        await batch.CommandAsync("resume", id);
        (await batch.Server.RunAsync("watch", id)).RequireExit(0);
        await RequireWholeAsync(batch, id);
    }

    [Fact]
    public async Task Cancel_OfAPausedBatch_EndsIt()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        string id = await PauseInFlightAsync(batch);
        batch.Target.Open();

        (await batch.Server.RunAsync("cancel", id, "--wait")).RequireExit(1);

        Assert.Equal(AtOnce, batch.Target.ReceivedInAll);
        Assert.Equal(AtOnce, (await batch.Api.StatusAsync(id)).Counts!.Succeeded);
    }

    static async Task<string> PauseInFlightAsync(ControlledBatch batch)
    {
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync("--concurrency", $"{AtOnce}");
        await batch.Target.WaitForArrivalsAsync(AtOnce);
        Assert.Equal($"Batch '{id}' is paused: 0 of {Items} done, {AtOnce} at once, no rate limit.", await batch.CommandAsync("pause", id));
        return id;
    }

    static async Task RequireStillAsync(ControlledBatch batch, string id, int received)
    {
        await batch.RunAnotherAsync();
        Assert.Equal(received, batch.Target.ReceivedInAll);
        Assert.Equal(BatchState.Paused, (await batch.Api.StatusAsync(id)).Status);
    }

    static async Task RequireWholeAsync(ControlledBatch batch, string id)
    {
        await batch.TakeProvenAsync(id, Items);
        batch.Folder.RequireEveryResponse(Items, responseBytes: 0);
    }
}
