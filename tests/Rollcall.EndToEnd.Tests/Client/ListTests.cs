using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ListTests
{
    [Fact]
    public async Task List_Batches_ShowsTheNewestFirst()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 2);
        string[] ids = ["first", "second-is-longer", "third"];
        foreach (string id in ids)
        {
            (await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", id, "--watch")).RequireExit(0);
        }

        var table = await server.RunAsync("list");
        table.RequireExit(0);
        string[] lines = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ID", "STATUS", "DONE", "FAILED", "CREATED"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ids.Reverse(), lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.All(
            lines.Skip(1),
            line => Assert.Equal("completed  2/2   0       2", line.Substring(lines[0].IndexOf("STATUS", StringComparison.Ordinal), 26)));

        var json = await server.RunAsync("list", "--json", "--limit", "2");
        json.RequireExit(0);
        Assert.Equal(
            ["third", "second-is-longer"],
            json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
                line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));

        var none = await server.RunAsync("list", "--status", "failed");
        none.RequireExit(0);
        Assert.Empty(none.Output);
        Assert.Equal("There are no batches.", Assert.Single(none.ErrorLines));
    }

    [Fact]
    public async Task List_PagesThatAreShort_AreFollowedUpToTheLimit()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            int page = int.Parse(context.Request.Query["after"].FirstOrDefault() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            string batches = page == 1
                ? ""
                : $$"""{"id":"b{{page}}","status":"rejected","createdAt":"2026-01-02T03:04:05Z","error":"no\nitems\u001b[2J"}""";
            await ScriptedServer.WriteAsync(context, "application/json", $$"""{"batches":[{{batches}}],"next":"{{page + 1}}"}""");
        });

        var result = await server.RunAsync("list", "--limit", "3");

        result.RequireExit(0);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["b0", "b2", "b3"], lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.EndsWith("  2026-01-02 03:04:05Z  no items [2J", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PageThatLeadsToItself_EndsWithAnError()
    {
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.WriteAsync(context, "application/json", "{\"batches\":[],\"next\":\"x\"}"));

        var result = await server.RunAsync("list");

        result.RequireExit(3);
        Assert.Contains("does not respond like a Rollcall server", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit", "0", "--limit is '0': a whole number from 1 to 10000 is needed.")]
    [InlineData(
        "--status",
        "done",
        "--status is 'done': pending, scheduled, running, paused, stopping, completed, cancelled, expired, failed or rejected is needed.")]
    public async Task List_OptionOutOfRange_SaysWhatIsAllowed(string option, string value, string expected)
    {
        var result = await CliProcess.RunAsync("list", "--server", "http://127.0.0.1:9", option, value);
        result.RequireExit(2);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
