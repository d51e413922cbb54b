using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Runs that their own bounds end early.</summary>
public sealed class RunEarlyEndTests
{
    const int Items = 250;

    [Theory]
    [InlineData("--max-failed", "2", "at most 2 items")]
    [InlineData("--max-failed-percent", "1", "at most 1 % of the items")]
    public async Task Run_OfWhichTooManyItemsFail_EndsWithTheReceiptAndSaysWhy(string option, string value, string reason)
    {
        await using var target = await GatedTarget.StartAsync();
        target.Status = 500;
        using var folder = new RunFolder(Items);
        string[] command = folder.Run(target.Url, option, value, "--max-attempts", "1", "--concurrency", "2");

        var first = await CliProcess.RunAsync(command);
        int sent = target.ReceivedInAll;

        first.RequireExit(1);
        Assert.StartsWith(
            $"{Items} in, {Items} out, 0 succeeded, {sent} failed, {Items - sent} cancelled, sha256 ",
            first.Output,
            StringComparison.Ordinal);
        Assert.EndsWith($" · ended early, failed: More items failed than are allowed: {reason}.\n", first.Output, StringComparison.Ordinal);
        Assert.InRange(sent, 3, 20);
        Assert.Equal(Items - sent, folder.ReadResults(Items).Count(result => result.GetProperty("status").GetString() == "cancelled"));
        Assert.Equal("Run the same command to send the items that did not succeed.", first.ErrorLines[^1]);
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
    public async Task Run_WhoseDeadlinePasses_EndsWithTheReceiptAndSaysWhyInJson()
    {
        // What is in flight at the deadline ends by its own time limit, which is longer.
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(Items);

        var result = await CliProcess.RunAsync(
            folder.Run(target.Url, "--deadline", "4", "--timeout", "6", "--max-attempts", "1", "--concurrency", "2", "--json"));

        result.RequireExit(1);
        var last = JsonDocument.Parse(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Equal("expired", last.GetProperty("stop").GetProperty("kind").GetString());
        Assert.StartsWith(
            "The deadline of 4 s passed at ",
            last.GetProperty("stop").GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(2, last.GetProperty("counts").GetProperty("failed").GetInt64());
        Assert.Equal(Items - 2, last.GetProperty("counts").GetProperty("expired").GetInt64());
        Assert.Equal(2, target.ReceivedInAll);

        target.Open();
        var longer = await CliProcess.RunAsync(folder.Run(target.Url, "--deadline", "600", "--max-attempts", "1", "--concurrency", "2"));

        longer.RequireExit(0);
        Assert.StartsWith(
            "Resuming with --timeout 100 (was 6), --deadline 600 (was 4): 0 of 250 items succeeded and are kept, the other 250 are sent",
            longer.Errors,
            StringComparison.Ordinal);
        Assert.Equal(Items + 2, target.ReceivedInAll);
    }

    [Fact]
    public async Task Run_WithoutAStop_HasNoneInJson()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 1);

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--max-failed", "0", "--deadline", "600", "--json"));

        result.RequireExit(0);
        Assert.DoesNotContain("\"stop\"", result.Output, StringComparison.Ordinal);
    }
}
