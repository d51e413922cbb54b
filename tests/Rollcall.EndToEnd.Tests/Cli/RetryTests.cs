using System.Text.Json;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Sending again what did not succeed in a run of this machine.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    const int Items = 150;

    readonly RunFolder folder = new(Items);
    GatedTarget target = null!;

    string Receipt => Path.Combine(folder.State, "receipt.json");

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync();
        target.Fails = payload => payload.Contains("7\"", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Retry_OfARunWithFailures_SendsThoseAgainWithTheSameKeysAndMergesThem()
    {
        var first = await CliProcess.RunAsync(folder.Run(target.Url, "--max-attempts", "1"));
        string[] before = await File.ReadAllLinesAsync(folder.Output, Cancelled);
        string receipt = await File.ReadAllTextAsync(Receipt, Cancelled);
        target.Fails = _ => false;
        File.Delete(folder.Input);
        var second = await CliProcess.RunAsync("retry", folder.Output, "--rate", "500");
        string[] after = await File.ReadAllLinesAsync(folder.Output, Cancelled);
        // As if it had been killed after the results were in place, before the receipt was.
        await File.WriteAllTextAsync(Receipt, receipt, Cancelled);
        var completed = await CliProcess.RunAsync("retry", folder.Output);
        var third = await CliProcess.RunAsync("retry", folder.Output, "--json");

        first.RequireExit(1);
        Assert.Equal($"Again     rollcall retry {folder.Output}", first.ErrorLines[^1]);
        second.RequireExit(0);
        Assert.StartsWith(
            "Resuming with --rate 500 (was none): 135 of 150 items succeeded and are kept, the other 15 are sent with the same "
            + "Idempotency-Keys as before.\n",
            second.Errors,
            StringComparison.Ordinal);
        Assert.StartsWith("150 in, 150 out, 150 succeeded, sha256 ", second.Output, StringComparison.Ordinal);
        Assert.EndsWith(" · run 2\n", second.Output, StringComparison.Ordinal);
        Assert.Equal((0, second.Output), (completed.ExitCode, completed.Output));
        folder.RequireEveryResponse(Items, 0);
        Assert.All(Enumerable.Range(0, Items), i =>
        {
            bool failed = RunFolder.Payload(i).EndsWith("7\"}", StringComparison.Ordinal);
            Assert.Equal(failed ? 2 : 1, target.Received[RunFolder.Payload(i)]);
            Assert.Single(target.Keys[RunFolder.Payload(i)].Distinct());
            Assert.Equal(failed, before[i] != after[i]);
        });
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Receipt)).RequireExit(0);
        third.RequireExit(0);
        Assert.Equal("All 150 items succeeded, so there is nothing to send again.\n", third.Errors);
        Assert.Equal("receipt", JsonDocument.Parse(third.Output).RootElement.GetProperty("type").GetString());
        Assert.Equal(Items + 15, target.ReceivedInAll);
    }

    [Fact]
    public async Task Retry_WithOnly_SendsOnlyThoseOfThatStatusOrCode()
    {
        await using var mixed = Target.Start((request, connection) => (request.Headers["Idempotency-Key"][^2..] switch
        {
            "-1" => Responses.With(422, "wrong"),
            "-2" => Responses.With(501, "no"),
            "-3" => Faults.NeverRespond,
            _ => Responses.With(200, "ok"),
        })(request, connection));
        using var few = new RunFolder(items: 5);
        (await CliProcess.RunAsync(few.Run(mixed.Url, "--timeout", "1", "--max-attempts", "1"))).RequireExit(1);
        int sent = mixed.Requests.Count;

        var none = await CliProcess.RunAsync("retry", few.Output, "--only", "404,tls");
        var two = await CliProcess.RunAsync("retry", few.Output, "--only", "500-599", "--only", "timeout", "--json");

        none.RequireExit(1);
        Assert.StartsWith(
            "None of the 3 items that did not succeed has tls, 404. Nothing was sent.\n", none.Errors, StringComparison.Ordinal);
        two.RequireExit(1);
        Assert.Contains("of the other 3, 2 are sent with the same Idempotency-Keys", two.Errors, StringComparison.Ordinal);
        Assert.Equal(
            ["-2", "-3"],
            mixed.Requests.Skip(sent).Select(request => request.Headers["Idempotency-Key"][^2..]).Order(StringComparer.Ordinal));
        Assert.Equal([200, 422, 501, null, 200], few.ReadResults(5).Select(
            line => line.TryGetProperty("httpStatus", out var status) ? status.GetInt32() : (int?)null));
        (await CliProcess.RunAsync("verify", few.Output, "--receipt", Path.Combine(few.State, "receipt.json"), "--items", few.Input))
            .RequireExit(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Retry_ThatIsKilled_LeavesTheOldResultsAndIsResumed(bool byRetry)
    {
        (await CliProcess.RunAsync(folder.Run(target.Url, "--max-attempts", "1"))).RequireExit(1);
        await target.WaitForArrivalsAsync(Items);
        byte[] before = await File.ReadAllBytesAsync(folder.Output, Cancelled);
        target.Fails = _ => false;
        target.HoldBeforeResponse(payload => payload == RunFolder.Payload(147));
        using (var killed = CliProcess.Start("retry", folder.Output))
        {
            await target.WaitForArrivalsAsync(15);
            string shard = Path.Combine(
                Directory.GetDirectories(Path.Combine(folder.State, "batches")).Single(), "runs", "2", "results", "000000.jsonl");
            await Eventually.BeTrueAsync("a shard is written", TimeSpan.FromSeconds(30), () => Task.FromResult(File.Exists(shard)));
            await killed.KillAsync();
        }

        byte[] meanwhile = await File.ReadAllBytesAsync(folder.Output, Cancelled);
        var verified = await CliProcess.RunAsync("verify", folder.Output, "--receipt", Receipt);
        target.Open();
        var other = await CliProcess.RunAsync("retry", folder.Output, "--only", "timeout");
        var resumed = await CliProcess.RunAsync(byRetry ? ["retry", folder.Output] : folder.Run(target.Url, "--max-attempts", "1"));

        Assert.Equal(before, meanwhile);
        verified.RequireExit(0);
        other.RequireError(2, "was interrupted, and --only was another.");
        resumed.RequireExit(0);
        Assert.StartsWith("Resuming at 1", resumed.Errors, StringComparison.Ordinal);
        folder.RequireEveryResponse(Items, 0);
        Assert.Equal(2, target.Received[RunFolder.Payload(7)]);
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Receipt, "--items", folder.Input)).RequireExit(0);
    }

    [Fact]
    public async Task Retry_OfARunThatEndedEarly_SendsWhatWasNotSentToo()
    {
        target.Status = 500;
        (await CliProcess.RunAsync(folder.Run(target.Url, "--max-failed", "2", "--max-attempts", "1", "-c", "2"))).RequireExit(1);
        target.Status = 200;
        target.Fails = _ => false;
        (await CliProcess.RunAsync("retry", folder.Output)).RequireExit(0);
        folder.RequireEveryResponse(Items, 0);
    }

    [Fact]
    public async Task Retry_OfARunToStandardOutput_WritesAllResultsThereAgain()
    {
        string state = Path.Combine(folder.Path, "state");
        string[] run = ["run", folder.Input, "--to", target.Url, "-o", "-", "--state", state, "--max-attempts", "1"];
        var first = await CliProcess.RunAsync(run);
        target.Fails = _ => false;
        var second = await CliProcess.RunAsync("retry", "-", "--state", state);

        Assert.EndsWith($"Again     rollcall retry - --state {state}\n", first.Errors, StringComparison.Ordinal);
        second.RequireExit(0);
        string[] lines = second.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, Items), lines.Select(line => JsonElement.Parse(line).GetProperty("index").GetInt32()));
        Assert.All(lines, line => Assert.Contains("\"status\":\"succeeded\"", line, StringComparison.Ordinal));
        Assert.Equal(Items + 15, target.ReceivedInAll);
    }

    [Fact]
    public async Task Retry_OfARunWithHeaders_NeedsThemAgain()
    {
        target.Accepts = header => header == "Bearer right";
        string[] run = folder.Run(
            target.Url, "-H", "Authorization: Bearer wrong", "-H", "X-Team: a", "--no-pause-on-refusal", "--max-attempts", "1");
        (await CliProcess.RunAsync(run)).RequireExit(1);
        target.Fails = _ => false;

        (await CliProcess.RunAsync("retry", folder.Output)).RequireError(
            2, "The run had the headers 'Authorization', 'X-Team', and values of headers are not stored. Give them again");
        (await CliProcess.RunAsync("retry", folder.Output, "-H", "Authorization: Bearer right", "-H", "X-Team: a")).RequireExit(0);
        folder.RequireEveryResponse(Items, 0);
        Assert.Equal("a", target.Headers.Last()["X-Team"]);
    }

    [Fact]
    public async Task Retry_OfARunWithATable_WritesTheTableAnewEvenAfterAKillBeforeThat()
    {
        string input = Path.Combine(folder.Path, "rows.csv");
        string table = Path.Combine(folder.Path, "results.csv");
        string state = Path.Combine(table + ".rollcall", "rollcall-run.json");
        await File.WriteAllTextAsync(input, "name,paid\na,true\nb7,false\nc,true\n", Cancelled);
        (await CliProcess.RunAsync("run", input, "--to", target.Url, "-o", table, "--max-attempts", "1")).RequireExit(1);

        // As if a retry had been killed after it named the new table, before it put that in place of the old one.
        string content = await File.ReadAllTextAsync(state, Cancelled);
        string named = $"\"outputSha256\":\"{new string('0', 64)}\",\"earlierSha256\":";
        await File.WriteAllTextAsync(state, content.Replace("\"outputSha256\":", named, StringComparison.Ordinal), Cancelled);
        target.Fails = _ => false;
        var retried = await CliProcess.RunAsync("retry", table);

        retried.RequireExit(0);
        string[] rows = await File.ReadAllLinesAsync(table, Cancelled);
        Assert.StartsWith("name,paid,index,", rows[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.All(rows.Skip(1), row => Assert.Contains("succeeded", row, StringComparison.Ordinal));
        Assert.Equal(["a,true", "b7,false", "c,true"], rows.Skip(1).Select(row => string.Join(',', row.Split(',')[..2])));
    }

    [Fact]
    public async Task Retry_OfWhatIsNoEndedRun_IsRefusedAndSendsNothing()
    {
        (await CliProcess.RunAsync("retry", folder.Output)).RequireError(2, $"There is no run in the state folder '{folder.State}'.");
        target.HoldBeforeResponse();
        using var running = CliProcess.Start(folder.Run(target.Url));
        await target.WaitForArrivalsAsync(1);
        (await CliProcess.RunAsync("retry", folder.Output)).RequireError(2, "Another rollcall run is using the state folder");
        await running.KillAsync();
        (await CliProcess.RunAsync("retry", folder.Output)).RequireError(2, "has not ended. Run the same 'rollcall run' command again");
        (await CliProcess.RunAsync("retry", folder.Output + "x", "--state", folder.State)).RequireError(2, "Name the same output");
        (await CliProcess.RunAsync("retry", folder.Output, "--only", "4xx")).RequireError(2, "--only is '4xx'");
    }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
