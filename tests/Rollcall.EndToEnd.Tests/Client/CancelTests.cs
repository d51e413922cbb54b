using System.Text.Json;
using Rollcall.Batches;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class CancelTests
{
    const int Items = 250;
    const int AtOnce = 4;
    const int ResponseBytes = 20_000;

    [Fact]
    public async Task Cancel_WithResponsesInTheMiddleOfTheirBodies_SendsNoneAfterItAndKeepsThoseWhole()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items, ResponseBytes);
        batch.Target.HoldMidBody();
        string id = await batch.SubmitAsync("--concurrency", $"{AtOnce}");
        await batch.Target.WaitForHalvesAsync(AtOnce);

        string told = await batch.CommandAsync("cancel", id);
        batch.Target.Open();
        var watched = await batch.Server.RunAsync("watch", id);

        Assert.Equal($"Batch '{id}' is stopping: 0 of {Items} done, {AtOnce} at once, no rate limit.", told);
        watched.RequireExit(1);
        Assert.StartsWith(
            $"{Items} in, {Items} out, {AtOnce} succeeded, {Items - AtOnce} cancelled, sha256 ",
            watched.Output,
            StringComparison.Ordinal);
        Assert.EndsWith(" · ended early, cancelled: The batch was cancelled.\n", watched.Output, StringComparison.Ordinal);
        Assert.Equal(AtOnce, batch.Target.ReceivedInAll);
        await RequireCancelledAsync(batch, id, whole: AtOnce);
    }

    [Fact]
    public async Task Cancel_AndAKillBeforeTheEnd_EndsCancelledAfterTheRestart()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items, ResponseBytes);
        batch.Target.HoldMidBody();
        string id = await batch.SubmitAsync("--concurrency", $"{AtOnce}");
        await batch.Target.WaitForHalvesAsync(AtOnce);
        await batch.CommandAsync("cancel", id);

        await batch.CrashAsync();

        (await batch.Server.RunAsync("watch", id)).RequireExit(1);
        Assert.Equal(AtOnce, batch.Target.ReceivedInAll);

        // What was in flight is not recorded, and is not sent again.
        await RequireCancelledAsync(batch, id, whole: 0);
    }

    [Fact]
    public async Task Cancel_Wait_GoesOnToTheEndAndAnotherCancelChangesNothing()
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 20);
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync("--concurrency", "2");
        await batch.Target.WaitForArrivalsAsync(2);
        using var cancel = batch.Server.Begin("cancel", id, "--wait", "--json");
        await cancel.WaitForOutputAsync("\"stopping\"");
        batch.Target.Open();

        var result = await cancel.WaitAsync();

        result.RequireExit(1);
        var last = JsonDocument.Parse(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal("cancelled", last.GetProperty("status").GetString());
        Assert.Equal("The batch was cancelled.", last.GetProperty("error").GetString());
        Assert.Equal($"Batch '{id}' is cancelled: 20 of 20 done, 2 at once, no rate limit.", await batch.CommandAsync("cancel", id));
    }

    [Theory]
    [InlineData("cancel", "cancelled")]
    [InlineData("pause", "paused")]
    [InlineData("resume", "resumed")]
    [InlineData("change", "changed")]
    public async Task Change_OfABatchThatIsCompleted_SaysSo(string command, string verb)
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 1);
        string id = await batch.SubmitAsync("--watch");
        string[] more = command == "change" ? ["--rate", "5"] : [];

        var result = await batch.Server.RunAsync([command, id, .. more]);

        result.RequireExit(2);
        Assert.Empty(result.Output);
        Assert.StartsWith(
            $"rollcall: Batch '{id}' is completed, so it cannot be {verb}: ",
            Assert.Single(result.ErrorLines),
            StringComparison.Ordinal);
    }

    static async Task RequireCancelledAsync(ControlledBatch batch, string id, int whole)
    {
        Assert.Equal(BatchState.Cancelled, (await batch.Api.StatusAsync(id)).Status);
        var (results, receipt) = await batch.TakeProvenAsync(id, Items);
        Assert.Equal("cancelled", receipt.GetProperty("stop").GetProperty("kind").GetString());
        var responded = results.Where(result => result.GetProperty("status").GetString() == "succeeded").ToList();
        Assert.Equal(whole, responded.Count);
        Assert.All(responded, result => Assert.True(
            result.GetProperty("body").ValueEquals(
                GatedTarget.ResponseTo(Cli.RunFolder.Payload(result.GetProperty("index").GetInt32()), ResponseBytes)),
            $"Item {result.GetProperty("index")} has not its whole answer."));
        Assert.All(results.Except(responded), result =>
        {
            Assert.Equal("cancelled", result.GetProperty("status").GetString());
            Assert.Equal(0, result.GetProperty("attempts").GetInt32());
        });
    }
}
