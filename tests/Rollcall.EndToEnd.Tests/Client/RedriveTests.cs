using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class RedriveTests
{
    const int Items = 250;

    // In the first and the third shard of three, so that a shard has nothing to send again.
    static readonly HashSet<string> Bad = [
        .. Enumerable.Range(0, Items).Where(number => number is < 100 or >= 200 && number % 10 == 0).Select(RunFolder.Payload)];

    [Fact]
    public async Task Redrive_OnceTheTargetIsMended_SendsWhatFailedWithTheSameKeysAndKeepsTheEarlierRun()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        string id = await FailAsync(batch);
        batch.Target.Fails = _ => false;

        var result = await batch.Server.RunAsync("redrive", id, "--wait");

        result.RequireExit(0);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(", run 2: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{Items} in, {Items} out, {Items} succeeded, sha256 ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" · run 2", lines[1], StringComparison.Ordinal);
        await RequireRedrivenAsync(batch, id);
        Assert.All(batch.Target.Received, received => Assert.Equal(Bad.Contains(received.Key) ? 2 : 1, received.Value));
        Assert.Contains("run        2", (await batch.Server.RunAsync("status", id)).Output, StringComparison.Ordinal);
        Assert.Contains("RUN", (await batch.Server.RunAsync("list")).Output, StringComparison.Ordinal);

        var earlier = await batch.Server.RunAsync("results", id, "--run", "1", "--status", "failed");
        earlier.RequireExit(0);
        Assert.Equal(Bad.Count, earlier.Output.Count(character => character == '\n'));
        Assert.Contains("\"run\": 1,", (await batch.Server.RunAsync("receipt", id, "--run", "1")).Output, StringComparison.Ordinal);
        (await batch.Server.RunAsync("results", id, "--run", "3")).RequireExit(2);
        (await batch.Server.RunAsync("results", id, "--run", "1", "--follow")).RequireExit(2);
    }

    [Fact]
    public async Task Redrive_AndAKillInTheMiddle_GoesOnAfterTheRestart()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        string id = await FailAsync(batch);
        batch.Target.Fails = _ => false;
        var held = Bad.Where(payload => !payload.EndsWith("-0\"}", StringComparison.Ordinal)).ToHashSet();
        int before = batch.Target.ReceivedInAll;
        batch.Target.HoldBeforeResponse(held.Contains);
        await batch.CommandAsync("redrive", id);
        await Eventually.BeTrueAsync(
            "items of the redrive are in flight",
            TimeSpan.FromSeconds(30),
            () => Task.FromResult(batch.Target.ReceivedInAll >= before + 4));

        await batch.CrashAsync();

        (await batch.Server.RunAsync("watch", id)).RequireExit(0);
        await RequireRedrivenAsync(batch, id);
        Assert.All(
            batch.Target.Received,
            received => Assert.InRange(received.Value, Bad.Contains(received.Key) ? 2 : 1, Bad.Contains(received.Key) ? 3 : 1));
    }

    [Fact]
    public async Task Redrive_OnlyOneCode_LeavesTheOthersAsTheyAre()
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 6);
        string[] payloads = [.. Enumerable.Range(0, 6).Select(RunFolder.Payload)];
        batch.Target.Fails = payload => payload == payloads[1];
        batch.Target.HoldBeforeResponse(payload => payload == payloads[2] || payload == payloads[4]);
        string id = await batch.SubmitAsync("--max-attempts", "1", "--timeout", "5");
        (await batch.Server.RunAsync("watch", id)).RequireExit(1);
        batch.Target.Open();
        batch.Target.Fails = _ => false;

        var result = await batch.Server.RunAsync("redrive", id, "--only-code", "timeout", "--wait");

        result.RequireExit(1);
        Assert.Contains("6 in, 6 out, 5 succeeded, 1 failed, sha256 ", result.Output, StringComparison.Ordinal);
        Assert.Equal([1, 1, 2, 1, 2, 1], payloads.Select(payload => batch.Target.Received[payload]));
        var (results, _) = await batch.TakeProvenAsync(id, 6);
        Assert.Equal("http-status", results[1].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Redrive_OfWhatWasCancelled_SendsIt()
    {
        await using var batch = await ControlledBatch.CreateAsync(Items);
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync("--concurrency", "3");
        await batch.Target.WaitForArrivalsAsync(3);
        await batch.CommandAsync("cancel", id);
        batch.Target.Open();
        (await batch.Server.RunAsync("watch", id)).RequireExit(1);

        (await batch.Server.RunAsync("redrive", id, "--only-code", "cancelled", "--wait")).RequireExit(0);

        await batch.TakeProvenAsync(id, Items);
        batch.Folder.RequireEveryResponse(Items, responseBytes: 0);
        Assert.All(batch.Target.Received.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task Redrive_ThatHasNothingToSend_SaysSo()
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 2);
        string id = await batch.SubmitAsync("--watch");

        var nothing = await batch.Server.RunAsync("redrive", id);
        var unknown = await batch.Server.RunAsync("redrive", id, "--only-code", "tiemout");

        nothing.RequireExit(2);
        Assert.Contains("has no such item to send again", Assert.Single(nothing.ErrorLines), StringComparison.Ordinal);
        unknown.RequireExit(2);
        Assert.Contains(
            "--only-code is 'tiemout': http-status, verdict, timeout, ",
            Assert.Single(unknown.ErrorLines),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redrive_OfABatchThatRuns_SaysSo()
    {
        await using var batch = await ControlledBatch.CreateAsync(items: 2);
        batch.Target.HoldBeforeResponse();
        string id = await batch.SubmitAsync();
        await batch.Target.WaitForArrivalsAsync(2);

        var result = await batch.Server.RunAsync("redrive", id);

        result.RequireExit(2);
        Assert.StartsWith(
            $"rollcall: Batch '{id}' is running, so it cannot be redriven: ",
            Assert.Single(result.ErrorLines),
            StringComparison.Ordinal);
    }

    static async Task<string> FailAsync(ControlledBatch batch)
    {
        batch.Target.Fails = Bad.Contains;
        string id = await batch.SubmitAsync("--max-attempts", "1", "--concurrency", "4");
        (await batch.Server.RunAsync("watch", id)).RequireExit(1);
        return id;
    }

    static async Task RequireRedrivenAsync(ControlledBatch batch, string id)
    {
        var (_, receipt) = await batch.TakeProvenAsync(id, Items);
        Assert.Equal(2, receipt.GetProperty("run").GetInt32());
        batch.Folder.RequireEveryResponse(Items, responseBytes: 0);
        Assert.All(batch.Target.Keys.Values, keys => Assert.Single(keys.Distinct()));
        var first = await batch.Api.ResultsAsync(id, run: 1);
        Assert.Equal(Enumerable.Range(0, Items), first.Select(result => result.GetProperty("index").GetInt32()));
        Assert.All(first, result => Assert.Equal(StatusBefore(result), result.GetProperty("status").GetString()));
    }

    static string StatusBefore(JsonElement result) =>
        Bad.Contains(RunFolder.Payload(result.GetProperty("index").GetInt32())) ? "failed" : "succeeded";
}
