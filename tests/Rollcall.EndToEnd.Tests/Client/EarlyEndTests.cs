using Rollcall.Batches;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>Batches of a server that their own bounds end early.</summary>
public sealed class EarlyEndTests
{
    const int Items = 250;

    [Fact]
    public async Task Batch_OfWhichTooManyItemsFail_EndsFailedWithItsReceipt()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        batch.Target.Status = 500;
        string id = await batch.Api.StartAsync(
            Items,
            batch.Target.Url,
            """{"concurrency":2,"maxFailedItems":3,"retry":{"maxAttempts":1}}""");

        var watched = await batch.Server.RunAsync("watch", id);

        watched.RequireExit(1);
        Assert.EndsWith(
            " · ended early, failed: More items failed than are allowed: at most 3 items.\n",
            watched.Output,
            StringComparison.Ordinal);
        var status = await batch.Api.StatusAsync(id);
        Assert.Equal(BatchState.Failed, status.Status);
        Assert.Equal("More items failed than are allowed: at most 3 items.", status.Error);
        var (results, receipt) = await batch.TakeProvenAsync(id, Items);
        int failed = results.Count(result => result.GetProperty("status").GetString() == "failed");
        Assert.InRange(failed, 4, 20);
        Assert.Equal(batch.Target.ReceivedInAll, failed);
        Assert.Equal(Items - failed, results.Count(result => result.GetProperty("status").GetString() == "cancelled"));
        Assert.Equal("failed", receipt.GetProperty("stop").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Batch_WhoseDeadlinePasses_EndsExpiredOnceTheResponsesInFlightAreThere()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        batch.Target.HoldBeforeResponse();
        string id = await batch.Api.StartAsync(Items, batch.Target.Url, """{"concurrency":2,"deadlineSeconds":15}""");
        await batch.Target.WaitForArrivalsAsync(2);
        using var watch = batch.Server.Begin("watch", id);
        await watch.WaitForErrorAsync("stopping · 0 of ");
        batch.Target.Open();

        var watched = await watch.WaitAsync();

        watched.RequireExit(1);
        Assert.Contains($" 2 succeeded, {Items - 2} expired, sha256 ", watched.Output, StringComparison.Ordinal);
        Assert.Contains(" · ended early, expired: The deadline of 15 s passed at ", watched.Output, StringComparison.Ordinal);
        Assert.Equal(BatchState.Expired, (await batch.Api.StatusAsync(id)).Status);
        await batch.TakeProvenAsync(id, Items);
        Assert.Equal(2, batch.Target.ReceivedInAll);
    }
}
