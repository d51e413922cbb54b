using System.Text.Json;
using Rollcall.Targets;
using Rollcall.Tests.Schemas;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Sending corrected payloads in the place of those that did not succeed.</summary>
public sealed class RetryWithTests : IAsyncLifetime
{
    const int Items = 150;

    readonly RunFolder folder = new();
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    string Receipt => Path.Combine(folder.State, "receipt.json");

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync();
        target.Fails = payload => payload == "\"7\"";
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Retry_WithCorrectedPayloads_SendsThemUnderNewKeysAndTheReceiptTells()
    {
        string[] ids = ["a", "b", "c", "d"];
        folder.WriteInput([.. ids.Select(id => $"{{\"id\":\"{id}\",\"body\":\"{(id == "a" ? "good" : "7")}\"}}")]);
        (await CliProcess.RunAsync(folder.Run(target.Url, "--input", "items", "--max-attempts", "1"))).RequireExit(1);
        string file = Path.Combine(folder.Path, "corrected.jsonl");
        await File.WriteAllLinesAsync(
            file, ["""{"id":"c","body":"right"}""", """{"id":"a","body":1}""", """{"id":"x","body":1}""", """{"body":1}"""], Cancelled);
        int sent = target.ReceivedInAll;
        var wrong = await CliProcess.RunAsync("retry", folder.Output, "--with", file);

        wrong.RequireExit(2);
        Assert.Equal(
            [
                $"rollcall: --with: 3 of the 4 items of '{file}' cannot be sent. Nothing was sent.",
                $"{file}:2: the item 'a' has succeeded.",
                $"{file}:3: the run has no item 'x'.",
                $"{file}:4: the item has no id, which says which item of the run it corrects.",
            ],
            wrong.ErrorLines);
        await File.WriteAllLinesAsync(file, ["""{"id":"c","body":"right"}""", """{"id":"c","body":2}"""], Cancelled);
        var twice = await CliProcess.RunAsync("retry", folder.Output, "--with", file);
        Assert.Equal((2, sent), (twice.ExitCode, target.ReceivedInAll));
        Assert.Contains($"{file}:2: ", twice.Errors, StringComparison.Ordinal);

        await File.WriteAllLinesAsync(file, ["""{"id":"d","body":"fine"}""", """{"id":"c","body":"right"}"""], Cancelled);
        var second = await CliProcess.RunAsync("retry", folder.Output, "--with", file);
        target.Fails = _ => false;
        var again = await CliProcess.RunAsync("failed", folder.Output);
        var third = await CliProcess.RunAsync("retry", folder.Output);

        second.RequireExit(1);
        Assert.StartsWith(
            "Resuming: 1 of 4 items succeeded and are kept, the other 3 are sent with the same Idempotency-Keys as before, but 2 with "
            + "corrected payloads and new keys.\n",
            second.Errors,
            StringComparison.Ordinal);
        Assert.EndsWith(" · run 2 · 2 with another payload than in the input\n", second.Output, StringComparison.Ordinal);
        Assert.Equal("{\"id\":\"b\",\"body\":\"7\"}\n", again.Output);
        third.RequireExit(0);
        Assert.Equal(
            ["\"good\"", "\"7\"", "\"right\"", "\"fine\""],
            folder.ReadResults(4).Select(line => line.GetProperty("body").GetString()));
        Assert.EndsWith("-2.2", Assert.Single(target.Keys["\"right\""]), StringComparison.Ordinal);
        Assert.EndsWith("-3.2", Assert.Single(target.Keys["\"fine\""]), StringComparison.Ordinal);
        var receipt = JsonElement.Parse(await File.ReadAllTextAsync(Receipt, Cancelled));
        PublishedSchema.Receipt.Require(receipt);
        Assert.Equal([3, 2], receipt.GetProperty("replaced")[0].GetProperty("indexes").EnumerateArray().Select(index => index.GetInt64()));
        string[] verify = ["verify", folder.Output, "-r", Receipt, "--items", folder.Input, "--input", "items"];
        var verified = await CliProcess.RunAsync([.. verify, "--with", file]);
        verified.RequireExit(0);
        Assert.Contains("2 with another payload than in the input", verified.Output, StringComparison.Ordinal);
        (await CliProcess.RunAsync([.. verify, "--with", folder.Input])).RequireExit(1);
        (await CliProcess.RunAsync("retry", folder.Output, "--with", file)).RequireError(2, "All 4 items succeeded");
        (await CliProcess.RunAsync(folder.Run(target.Url, "--input", "items", "--max-attempts", "1"))).RequireExit(0);
    }

    [Fact]
    public async Task Retry_WithCorrectedPayloadsThatIsKilled_IsResumedWithThem()
    {
        folder.WriteInput([.. Enumerable.Range(0, Items).Select(i => $"{{\"id\":\"i{i}\",\"body\":\"{(i < 2 ? "7" : "ok")}\"}}")]);
        string[] run = folder.Run(target.Url, "--input", "items", "--max-attempts", "1");
        (await CliProcess.RunAsync(run)).RequireExit(1);
        await target.WaitForArrivalsAsync(Items);
        string file = Path.Combine(folder.Path, "corrected.jsonl");
        await File.WriteAllTextAsync(file, """{"id":"i1","body":"right"}""", Cancelled);
        target.HoldBeforeResponse();
        using (var killed = CliProcess.Start("retry", folder.Output, "--with", file))
        {
            await target.WaitForArrivalsAsync(2);
            await killed.KillAsync();
        }

        target.Fails = _ => false;
        target.Open();
        string other = Path.Combine(folder.Path, "other.jsonl");
        await File.WriteAllTextAsync(other, """{"id":"i0","body":"right"}""", Cancelled);
        (await CliProcess.RunAsync("retry", folder.Output, "--with", other)).RequireError(2, "was interrupted, and --with was another");
        var resumed = await CliProcess.RunAsync("retry", folder.Output, "--with", file);

        resumed.RequireExit(0);
        Assert.Equal("\"right\"", folder.ReadResults(Items)[1].GetProperty("body").GetString());
        Assert.EndsWith("-1.2", Assert.Single(target.Keys["\"right\""].Distinct()), StringComparison.Ordinal);
        (await CliProcess.RunAsync("verify", folder.Output, "-r", Receipt, "--items", folder.Input, "--input", "items", "--with", file))
            .RequireExit(0);
    }

    [Fact]
    public async Task Retry_WithCorrectedRequests_MakesTheRequestsAsTheRunDoes()
    {
        await using var picky = Target.Start((request, connection) => (request.Body.Span.IndexOf("bad"u8) >= 0
            ? Responses.With(422, "no")
            : Responses.With(200, "yes"))(request, connection));
        using var few = new RunFolder();
        few.WriteInput("""{"id":"a","body":{"n":"bad"}}""");
        string[] parts = ["--body", """{"sent":{{ n | json }}}""", "-H", "X-Name: {{n}}"];
        (await CliProcess.RunAsync(few.Run(picky.Url + "{{n}}", ["--input", "items", .. parts]))).RequireExit(1);
        string file = Path.Combine(few.Path, "corrected.jsonl");
        await File.WriteAllTextAsync(file, """{"id":"a","body":{"n":"fine"}}""", Cancelled);
        (await CliProcess.RunAsync("retry", few.Output, "--with", file)).RequireExit(0);

        var last = picky.Requests[^1];
        Assert.StartsWith("POST /fine ", last.RequestLine, StringComparison.Ordinal);
        Assert.Equal(("fine", """{"sent":"fine"}"""), (last.Headers["X-Name"], System.Text.Encoding.UTF8.GetString(last.Body.Span)));
    }

    [Fact]
    public async Task Retry_WithACorrectedTable_SendsValuesOfTheTypesThatTheRunFound()
    {
        string rows = Path.Combine(folder.Path, "rows.csv");
        string wrong = Path.Combine(folder.Path, "wrong.csv");
        await File.WriteAllTextAsync(rows, "code,amount\n00123,1\n45,2\n", Cancelled);
        target.Fails = payload => payload.Contains("\"45\",\"amount\":2", StringComparison.Ordinal);
        (await CliProcess.RunAsync("run", rows, "--id", "code", "--to", target.Url, "-o", folder.Output, "--max-attempts", "1"))
            .RequireExit(1);
        (await CliProcess.RunAsync("failed", folder.Output, "--as", "csv", "-o", wrong)).RequireExit(0);
        await File.AppendAllTextAsync(wrong, "00123,1\n", Cancelled);
        var succeeded = await CliProcess.RunAsync("retry", folder.Output, "--with", wrong);
        string given = (await File.ReadAllTextAsync(wrong, Cancelled)).Replace("00123,1\n", "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(wrong, given.Replace("45,2", "45,two", StringComparison.Ordinal), Cancelled);
        var text = await CliProcess.RunAsync("retry", folder.Output, "--with", wrong);
        await File.WriteAllTextAsync(wrong, given.Replace("45,2", "45,3", StringComparison.Ordinal), Cancelled);
        var number = await CliProcess.RunAsync("retry", folder.Output, "--with", wrong);

        succeeded.RequireExit(2);
        Assert.Equal($"{wrong}: row 2: the item '00123' has succeeded.", succeeded.ErrorLines[^1]);
        text.RequireExit(2);
        Assert.Contains($"{wrong}:2: the line has a value in \"amount\" that is no number", text.Errors, StringComparison.Ordinal);
        number.RequireExit(0);
        Assert.Equal("""{"code":"45","amount":3}""", folder.ReadResults(2)[1].GetProperty("body").GetString());
        string[] items = ["--items", rows, "--id", "code", "--with", wrong];
        (await CliProcess.RunAsync(["verify", folder.Output, "-r", Receipt, .. items])).RequireExit(0);
    }
}
