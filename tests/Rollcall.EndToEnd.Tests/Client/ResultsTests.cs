using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ResultsTests
{
    [Fact]
    public async Task Results_SealedBatch_AreWholeInAFileAndOnStandardOutput()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        using var folder = new RunFolder(items: 250);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        (await server.RunAsync("watch", id)).RequireExit(0);
        string receiptFile = Path.Combine(folder.Path, "receipt.json");

        var toFile = await server.RunAsync("results", id, "--out", folder.Output);
        var toOutput = await server.RunAsync("results", id);
        (await server.RunAsync("receipt", id, "--out", receiptFile)).RequireExit(0);

        toFile.RequireExit(0);
        Assert.Empty(toFile.Output + toFile.Errors);
        folder.RequireEveryResponse(250, 5000);
        toOutput.RequireExit(0);
        byte[] results = await File.ReadAllBytesAsync(folder.Output, TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetString(results), toOutput.Output);
        string receipt = await File.ReadAllTextAsync(receiptFile, TestContext.Current.CancellationToken);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(results)),
            JsonDocument.Parse(receipt).RootElement.GetProperty("sha256").GetString());
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", receiptFile, "--items", folder.Input)).RequireExit(0);
        using var http = new HttpClient();
        Assert.Equal(
            await http.GetStringAsync(new Uri($"{server.Url}/api/batches/{id}/receipt"), TestContext.Current.CancellationToken),
            receipt);
    }

    [Fact]
    public async Task Results_OfASealedBatchWhoseShardIsDamaged_NameTheShardAndExitWith3()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 250);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        (await server.RunAsync("watch", id)).RequireExit(0);
        string shard = Path.Combine(server.StateFolder, "batches", id, "results", "000001.jsonl");
        byte[] bytes = await File.ReadAllBytesAsync(shard, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            shard,
            bytes[..(bytes.AsSpan(0, bytes.Length / 2).LastIndexOf((byte)'\n') + 1)],
            TestContext.Current.CancellationToken);

        var toFile = await server.RunAsync("results", id, "--out", folder.Output);
        var fromThere = await server.RunAsync("results", id, "--from", "100");
        using var http = new HttpClient();
        using var item = await http.GetAsync(new Uri($"{server.Url}/api/batches/{id}/items/150"), TestContext.Current.CancellationToken);

        foreach (var result in (CliResult[])[toFile, fromThere])
        {
            result.RequireExit(3);
            Assert.Contains($"Shard 1 of run 1 of batch '{id}' is damaged", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder.Output), "A file was written of results that are not whole.");
        Assert.Equal(500, (int)item.StatusCode);
        var problem = JsonDocument.Parse(await item.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("data-damaged", problem.GetProperty("code").GetString());
        Assert.Contains("Shard 1 of run 1", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_StatusFailed_AreThoseAlone()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        target.Status = 500;
        using var folder = new RunFolder(items: 3);
        string id = await server.SubmitAsync(folder.Input, target.Url, "--max-attempts", "1");
        (await server.RunAsync("watch", id)).RequireExit(1);

        var failed = await server.RunAsync("results", id, "--status", "failed");
        var succeeded = await server.RunAsync("results", id, "--status", "succeeded");

        failed.RequireExit(0);
        Assert.Equal(3, failed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        succeeded.RequireExit(0);
        Assert.Empty(succeeded.Output);
    }

    [Fact]
    public async Task Results_BatchThatGoesOn_AreWhatIsThereAndNoFileAndExitWith3()
    {
        using var server = await LocalServer.StartAsync();
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 3);
        string id = await server.SubmitAsync(folder.Input, target.Url);
        await target.WaitForArrivalsAsync(3);

        var results = await server.RunAsync("results", id);
        var toFile = await server.RunAsync("results", id, "--out", folder.Output);
        var receipt = await server.RunAsync("receipt", id);

        results.RequireError(3, "has not ended yet (0 of 3 done). 0 of 3 results were written. Add --follow to wait for the rest.");
        toFile.RequireError(
            3,
            "has not ended yet (0 of 3 done). No file was written. Add --follow to wait, or drop --out to print the results so far.");
        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
        receipt.RequireExit(2);
        Assert.Contains("has no receipt yet", Assert.Single(receipt.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such/results.jsonl", "no/such' does not exist.")]
    [InlineData(".", "is a folder")]
    public async Task Results_OutputThatCannotBe_IsAUsageError(string output, string expected)
    {
        using var folder = new RunFolder();
        var result = await CliProcess.RunAsync(
            "results",
            "b1",
            "--server",
            "http://127.0.0.1:9",
            "--out",
            Path.Combine(folder.Path, output));
        result.RequireExit(2);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
