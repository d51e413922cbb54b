namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>What the same command does after a run that ended early, and after one that did not.</summary>
public sealed class RunGoesOnTests : IAsyncLifetime
{
    const int Items = 250;
    const int Good = 120;

    // Those that have succeeded, with how often they had been sent by then.
    readonly Dictionary<string, int> kept = [];
    readonly RunFolder folder = new(Items);
    readonly HashSet<string> good = [.. Enumerable.Range(0, Good).Select(RunFolder.Payload)];
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync();
        target.Fails = payload => !good.Contains(payload);
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Run_AfterOneThatTooManyFailuresEnded_SendsWhatDidNotSucceedAndKeepsTheRest()
    {
        string[] command = Command("--max-failed", "2");
        await EndEarlyAsync(command);
        target.Fails = _ => false;

        var next = await CliProcess.RunAsync(command);
        int sent = target.ReceivedInAll;
        var last = await CliProcess.RunAsync(command);

        next.RequireExit(0);
        Assert.Equal(
            $"Resuming: {kept.Count} of {Items} items succeeded and are kept, the other {Items - kept.Count} are sent with the same "
            + "Idempotency-Keys as before. "
                + "The run ended early: More items failed than are allowed: at most 2 items.",
            next.ErrorLines[0]);
        Assert.StartsWith($"{Items} in, {Items} out, {Items} succeeded, sha256 ", next.Output, StringComparison.Ordinal);
        RequireWhole();
        Assert.Equal((0, next.Output), (last.ExitCode, last.Output));
        Assert.Equal(sent, target.ReceivedInAll);
        Assert.Empty(Directory.GetFiles(folder.State, "items.*", SearchOption.AllDirectories));
        (
            await CliProcess.RunAsync(
                "verify",
                folder.Output,
                "--receipt",
                Path.Combine(folder.State, "receipt.json"),
                "--items",
                folder.Input)).RequireExit(0);
    }

    [Fact]
    public async Task Run_WithTheTokenThatWasWrong_GoesOnAndShowsNoValue()
    {
        await EndEarlyAsync(Command("--max-failed", "2"));
        target.Fails = _ => false;

        var next = await CliProcess.RunAsync(Command("--max-failed", "2", "-H", "Authorization: Bearer t0ken"));

        next.RequireExit(0);
        Assert.StartsWith("Resuming with the header 'Authorization' (new): ", next.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", next.Errors + next.Output, StringComparison.Ordinal);
        Assert.Equal(Items - kept.Count, target.Headers.Count(headers => headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Run_ThatGoesOnAndIsKilled_LosesNothingAndSendsNoSuccessAgain()
    {
        string[] command = Command("--max-failed", "2");
        await EndEarlyAsync(command);
        int sent = target.ReceivedInAll;
        target.Fails = _ => false;
        string output = await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken);
        var held = Enumerable.Range(190, 60).Select(RunFolder.Payload).ToHashSet();
        target.HoldBeforeResponse(held.Contains);
        using (var cli = CliProcess.Start(command))
        {
            await target.WaitForArrivalsAsync(sent + 60);
            await cli.KillAsync();
        }

        Assert.Equal(output, await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken));
        target.Open();
        var last = await CliProcess.RunAsync(command);

        last.RequireExit(0);
        Assert.StartsWith("Resuming at ", last.Errors, StringComparison.Ordinal);
        RequireWhole();
    }

    [Fact]
    public async Task Run_ThatEndsEarlyOnceMore_IsGoneOnWithOnceMore()
    {
        string[] command = Command("--max-failed", "2");
        await EndEarlyAsync(command);
        good.UnionWith(Enumerable.Range(0, Good + 20).Select(RunFolder.Payload));

        int before = kept.Count;
        var second = await EndEarlyAsync(command);
        target.Fails = _ => false;
        var third = await CliProcess.RunAsync(command);

        Assert.True(kept.Count > before, $"The second run has {kept.Count} successes, as the first one had.");
        Assert.Contains(" · run 2 · ended early, failed: ", second.Output, StringComparison.Ordinal);
        third.RequireExit(0);
        RequireWhole();
    }

    [Fact]
    public async Task Run_AfterOneThatSentEveryItem_SendsNothingAndPrintsTheSame()
    {
        string[] command = Command();
        var first = await CliProcess.RunAsync(command);
        int sent = target.ReceivedInAll;
        target.Fails = _ => false;

        var again = await CliProcess.RunAsync(Command("--max-failed", "2"));

        first.RequireExit(1);
        Assert.Equal((1, first.Output), (again.ExitCode, again.Output));
        Assert.DoesNotContain("Run the same command", first.Errors, StringComparison.Ordinal);
        Assert.Equal(sent, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_WhoseOutputWasChangedSince_DoesNotReplaceIt()
    {
        string[] command = Command("--max-failed", "2");
        await EndEarlyAsync(command);
        int sent = target.ReceivedInAll;
        await File.AppendAllTextAsync(folder.Output, "mine\n", TestContext.Current.CancellationToken);

        var next = await CliProcess.RunAsync(command);

        next.RequireError(2, $"The output '{folder.Output}' has changed since it was written");
        Assert.Equal(sent, target.ReceivedInAll);
    }

    string[] Command(params string[] more) => folder.Run(target.Url, ["--max-attempts", "1", "--concurrency", "2", .. more]);

    async Task<CliResult> EndEarlyAsync(string[] command)
    {
        var result = await CliProcess.RunAsync(command);
        result.RequireExit(1);
        var results = folder.ReadResults(Items);
        var succeeded = Enumerable.Range(0, Items).Where(i => results[i].GetProperty("status").GetString() == "succeeded");
        foreach (string payload in succeeded.Select(RunFolder.Payload))
        {
            kept.TryAdd(payload, target.Received[payload]);
        }

        return result;
    }

    // Every item's own response, with no success sent again, and one key for each.
    void RequireWhole()
    {
        var results = folder.ReadResults(Items);
        Assert.All(results, result => Assert.Equal("succeeded", result.GetProperty("status").GetString()));
        folder.RequireEveryResponse(Items, 0);
        Assert.All(kept, item => Assert.Equal(item.Value, target.Received[item.Key]));
        Assert.Equal(Items, target.Keys.Count);
        Assert.All(target.Keys, keys => Assert.Single(keys.Value.Distinct()));
    }
}
