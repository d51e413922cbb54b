using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ResultsOptionsTests
{
    [Fact]
    public async Task Results_FromAnIndexAndWithFilters_AreThoseAndTheirNumberIsChecked()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        target.Status = 500;
        using var folder = new RunFolder(items: 150);
        string id = await server.SubmitAsync(folder.Input, target.Url, "--max-attempts", "1");
        (await server.RunAsync("watch", id)).RequireExit(1);

        Assert.Equal(Enumerable.Range(120, 30), await IndexesAsync(server, id, "--from", "120"));
        Assert.Equal(Enumerable.Range(0, 150), await IndexesAsync(server, id, "--status", "succeeded", "--status", "failed,expired"));
        Assert.Equal(Enumerable.Range(0, 150), await IndexesAsync(server, id, "--code", "timeout", "--code", "http-status"));
        Assert.Equal(
            Enumerable.Range(149, 1),
            await IndexesAsync(server, id, "--code", "http-status", "--status", "failed", "--from", "149"));
        Assert.Empty(await IndexesAsync(server, id, "--from", "150"));
        Assert.Empty(await IndexesAsync(server, id, "--code", "timeout"));
        var wrong = await server.RunAsync("results", id, "--from", "151");
        wrong.RequireExit(2);
        Assert.Equal("rollcall: --from is '151': 0 to 150, the number of items, is allowed.", Assert.Single(wrong.ErrorLines));
    }

    [Theory]
    [InlineData("--code", "bad", "--code is 'bad': http-status, verdict, timeout, connect,")]
    [InlineData("--status", "failed,", "--status is '': succeeded, failed, cancelled or expired is needed.")]
    [InlineData("--from", "-1", "--from is '-1': a whole number of 0 or more is needed.")]
    [InlineData("--format", "xlsx", "--format is 'xlsx': jsonl or csv is needed.")]
    public async Task Results_OptionThatIsNotAllowed_IsAUsageErrorThatSaysWhatIs(string option, string value, string expected)
    {
        var result = await CliProcess.RunAsync("results", "b1", "--server", "http://127.0.0.1:9", option, value);
        result.RequireExit(2);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    static async Task<IEnumerable<int>> IndexesAsync(LocalServer server, string id, params string[] options)
    {
        var result = await server.RunAsync(["results", id, .. options]);
        result.RequireExit(0);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonDocument.Parse(line).RootElement.GetProperty("index").GetInt32());
    }
}
