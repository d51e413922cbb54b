using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ResultsByIdTests
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_OfItemsByTheirIds_AreTheirLinesOnlyAlsoWhileTheBatchRuns()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 1);
        await File.WriteAllLinesAsync(
            folder.Input, Enumerable.Range(0, 150).Select(i => $$"""{"id":"C {{i}}","body":{{i}}}"""), Cancelled);
        target.HoldBeforeResponse();
        string id = await server.SubmitAsync(folder.Input, target.Url, "--input", "items", "--batch-id", "by-id");
        await target.WaitForArrivalsAsync(1);
        var early = await server.RunAsync("results", id, "--id", "C 7", "--out", folder.Output);
        target.Open();
        (await server.RunAsync("watch", id)).RequireExit(0);

        var two = await server.RunAsync("results", id, "--id", "C 107", "--id", "C 7", "--run", "1");
        var toFile = await server.RunAsync("results", id, "--id", "C 7", "--out", folder.Output);
        var none = await server.RunAsync("results", id, "--id", "C 7", "--id", "c 7");

        early.RequireExit(3);
        Assert.Equal(
            "rollcall: Item 7 of batch 'by-id' has no written outcome yet. No file was written.", Assert.Single(early.ErrorLines));
        two.RequireExit(0);
        Assert.Equal(["C 7", "C 107"], two.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(IdOf));
        toFile.RequireExit(0);
        Assert.Equal("C 7", IdOf(Assert.Single(await File.ReadAllLinesAsync(folder.Output, Cancelled))));
        none.RequireExit(2);
        Assert.Equal("rollcall: Batch 'by-id' has no item with the id 'c 7'.", Assert.Single(none.ErrorLines));
        Assert.Empty(none.Output);

        File.Delete(Assert.Single(Directory.GetFiles(Path.Combine(server.StateFolder, "batches", id), "items.*.ids")));
        var damaged = await server.RunAsync("results", id, "--id", "c 7");
        damaged.RequireExit(3);
        Assert.EndsWith(
            ": The index of the ids of batch 'by-id' is damaged: it is gone.", Assert.Single(damaged.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--id is '': the id of an item has 1 to 256 characters.", "--id", "")]
    [InlineData("--follow cannot be used with --id, which names the items.", "--id", "a", "--follow")]
    [InlineData("--format cannot be used with --id, which names the items.", "--id", "a", "--format", "csv")]
    [InlineData("--from cannot be used with --id, which names the items.", "--id", "a", "--from", "0")]
    public async Task Results_OfAnItemWithOptionsForAllItems_AreAUsageError(string expected, params string[] options)
    {
        var result = await CliProcess.RunAsync(["results", "b1", "--server", "http://127.0.0.1:9", .. options]);
        result.RequireExit(2);
        Assert.Equal($"rollcall: {expected}", Assert.Single(result.ErrorLines));
    }

    static string? IdOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString();
}
