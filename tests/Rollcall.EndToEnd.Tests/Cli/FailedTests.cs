using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Writing the inputs of a run that did not succeed.</summary>
public sealed class FailedTests : IAsyncLifetime
{
    readonly RunFolder folder = new();
    GatedTarget target = null!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        target = await GatedTarget.StartAsync();
        target.Fails = payload => payload.Contains("bad", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Failed_OfItems_AreItemsThatRunTakesAsTheyAre()
    {
        string[] items = ["{\"id\":\"a\",\"body\":{\"v\" : 1.0}}", "{\"id\":\"b\",\"body\":[\"bad é \\u00e9\"]}", "{\"body\":\"bad\"}"];
        folder.WriteInput(items);
        await RunAsync(folder.Run(target.Url, "--input", "items", "--max-attempts", "1"), 1);
        File.Delete(folder.Input);
        string file = Path.Combine(folder.Path, "again.jsonl");

        var failed = await CliProcess.RunAsync("failed", folder.Output, "-o", file);
        var none = await CliProcess.RunAsync("failed", folder.Output, "--as", "jsonl", "--only", "404");

        failed.RequireExit(0);
        Assert.Equal("2 of 3 inputs did not succeed.\n", failed.Errors);
        Assert.Equal(items[1..], await File.ReadAllLinesAsync(file, Cancelled));
        Assert.Equal((0, "", "0 of 3 inputs did not succeed with 404.\n"), (none.ExitCode, none.Output, none.Errors));
        (await CliProcess.RunAsync("failed", folder.Output, "--as", "csv")).RequireError(2, "has no columns");
    }

    [Fact]
    public async Task Failed_OfATable_HasItsColumnsWithTheValuesThatWereGiven()
    {
        string input = Path.Combine(folder.Path, "rows.csv");
        await File.WriteAllTextAsync(
            input, "code;paid;note\n00123;true;\"bad; \"\"x\"\"\nnext\"\n7;false;good\n9;true;=bad\n", Cancelled);
        await RunAsync(["run", input, "--id", "code", "--to", target.Url, "-o", folder.Output, "--max-attempts", "1"], 1);
        File.Delete(input);

        var table = await CliProcess.RunAsync("failed", folder.Output, "--as", "csv");
        var lines = await CliProcess.RunAsync("failed", folder.Output, "--only", "http-status");

        table.RequireExit(0);
        Assert.Equal(
            "code,paid,note\n00123,true,\"bad; \"\"x\"\"\nnext\"\n9,true,=bad\n", table.Output.TrimStart('\uFEFF'));
        Assert.Equal(
            "{\"id\":\"00123\",\"body\":{\"code\":\"00123\",\"paid\":true,\"note\":\"bad; \\\"x\\\"\\nnext\"}}",
            lines.Output.Split('\n')[0]);
    }

    [Fact]
    public async Task Failed_OfItemsThatWereSentAsOtherRequests_AreReadFromTheInputIfThatIsUnchanged()
    {
        string input = Path.Combine(folder.Path, "items.json");
        string content = "[{\"n\":\n 1},{\"n\":\n \"bad\"}]";
        await File.WriteAllTextAsync(input, content, Cancelled);
        string[] options = ["-o", folder.Output, "--max-attempts", "1"];
        await RunAsync(
            ["run", input, "--to", target.Url + "?n={{n}}", "--body", "{\"sent\":{{ n | json }}}", .. options], 1);

        var failed = await CliProcess.RunAsync("failed", folder.Output);
        await File.WriteAllTextAsync(input, content.Replace("1", "2", StringComparison.Ordinal), Cancelled);
        var changed = await CliProcess.RunAsync("failed", folder.Output);

        failed.RequireExit(0);
        Assert.Equal("{\"body\":{\"n\":  \"bad\"}}\n", failed.Output);
        changed.RequireError(2, $"The input '{input}' has changed since the run");
    }

    [Fact]
    public async Task Failed_OfRequests_AreRequestsThatRunSendsAsBefore()
    {
        await using var refusing = Target.Start(Responses.With(422, "wrong"));
        folder.WriteInput(
            """{"id":"a","method":"PUT","url":"/a?x=1","headers":{"X-A":"1"},"body":{"v": 1}}""",
            """{"id":"b","method":"POST","url":"/b","base64":"/wD+"}""",
            """{"id":"c","method":"GET","url":"/c"}""",
            """{"id":"d","method":"POST","url":"/d","form":{"a":"b c"}}""");
        await RunAsync(folder.Run(refusing.Url), 1);
        string file = Path.Combine(folder.Path, "again.jsonl");

        await RunAsync(["failed", folder.Output, "-o", file], 0);
        await RunAsync(["run", file, "--to", refusing.Url, "-o", Path.Combine(folder.Path, "again-results.jsonl")], 1);

        var sent = refusing.Requests.Select(request => string.Join(
            '|',
            request.RequestLine,
            request.Headers.GetValueOrDefault("Content-Type"),
            request.Headers.GetValueOrDefault("X-A"),
            Convert.ToHexString(request.Body.Span))).ToList();
        Assert.Equal(8, sent.Count);
        Assert.Equal(sent[..4].Order(StringComparer.Ordinal), sent[4..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Failed_OfARunThatHasNotEndedOrOfWhichAllSucceeded_SaysSo()
    {
        folder.WriteInput("1", "2");
        target.HoldBeforeResponse();
        using (var running = CliProcess.Start(folder.Run(target.Url)))
        {
            await target.WaitForArrivalsAsync(2);
            (await CliProcess.RunAsync("failed", folder.Output)).RequireError(3, "has not ended");
            target.Open();
            (await running.WaitAsync()).RequireExit(0);
        }

        var none = await CliProcess.RunAsync("failed", folder.Output, "--as", "csv");
        Assert.Equal((0, "", "0 of 2 inputs did not succeed.\n"), (none.ExitCode, none.Output, none.Errors));
        (await CliProcess.RunAsync("failed", folder.Input)).RequireError(2, "There is no run in the state folder");
    }

    static async Task RunAsync(string[] command, int exitCode) => (await CliProcess.RunAsync(command)).RequireExit(exitCode);
}
