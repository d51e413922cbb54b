using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
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
    [InlineData("1\n2\n3\n", null)]
    [InlineData("1\n2\n", "there are 2 lines, but the receipt says 3")]
    [InlineData("1\n2\n4\n", "their SHA-256 is ")]
    [InlineData("1\n2\n3", "the last line is incomplete")]
    [InlineData("", "there are 0 lines, but the receipt says 3")]
    public async Task Results_NotWhatTheReceiptSays_AreNoFile(string lines, string? difference)
    {
        await using var server = await StartSealedAsync(context => ScriptedServer.WriteAsync(context, "application/x-ndjson", lines));
        using var folder = new RunFolder();

        var result = await server.RunAsync("results", "b1", "--out", folder.Output);

        result.RequireExit(difference is null ? 0 : 3);
        Assert.Equal(difference is null ? [folder.Output] : [], Directory.GetFileSystemEntries(folder.Path));
        if (difference is not null)
        {
            string line = Assert.Single(result.ErrorLines);
            Assert.Contains(difference, line, StringComparison.Ordinal);
            Assert.EndsWith("No file was written.", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Results_ConnectionThatBreaksOff_AreNoFileAndLeaveTheOldOne(bool isSealed)
    {
        await using var server = await StartSealedAsync(
            async context =>
            {
                await ScriptedServer.WriteAsync(context, "application/x-ndjson", "1\n2\n");
                await context.Response.Body.FlushAsync();
                context.Abort();
            },
            isSealed ? "completed" : "running");
        using var folder = new RunFolder();
        await File.WriteAllTextAsync(folder.Output, "old", TestContext.Current.CancellationToken);

        var result = await server.RunAsync("results", "b1", "--out", folder.Output);

        result.RequireExit(3);
        Assert.Contains($"The connection to {server.Url} broke", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal([folder.Output], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("old", await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Results_CtrlCInTheMiddle_LeavesNoFile()
    {
        var isRead = new TaskCompletionSource();
        await using var server = await StartSealedAsync(async context =>
        {
            await ScriptedServer.WriteAsync(context, "application/x-ndjson", "1\n2\n");
            await context.Response.Body.FlushAsync();
            isRead.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        using var folder = new RunFolder();
        using var cli = CliProcess.Start("results", "b1", "--out", folder.Output, "--server", server.Url);
        await isRead.Task;

        cli.Interrupt();
        var result = await cli.WaitAsync();

        result.RequireExit(3);
        Assert.Equal("rollcall: Stopped. No file was written.", result.ErrorLines[^1]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
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

    [Fact]
    public async Task Results_BatchThatFailed_SaysWhyAndWritesWhatThereIsAndNoFile()
    {
        using var folder = new RunFolder();
        await using var server = await StartSealedAsync(
            context => ScriptedServer.WriteAsync(context, "application/x-ndjson", "1\n"),
            "failed");

        var results = await server.RunAsync("results", "b1");
        var toFile = await server.RunAsync("results", "b1", "--out", folder.Output);
        var watch = await server.RunAsync("watch", "b1");

        results.RequireExit(3);
        Assert.Equal("1\n", results.Output);
        Assert.Contains(
            "failed: The disk is gone. 1 of 3 results were written.",
            Assert.Single(results.ErrorLines),
            StringComparison.Ordinal);
        toFile.RequireError(3, "failed: The disk is gone. No file was written. Drop --out to print the results so far.");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        watch.RequireExit(3);
        Assert.Contains(
            "failed: The disk is gone. The results of 1 of 3 items are kept.",
            Assert.Single(watch.ErrorLines),
            StringComparison.Ordinal);
    }

    /// <summary>A server with one batch, whose whole results are the lines 1 to 3.</summary>
    static Task<ScriptedServer> StartSealedAsync(Func<HttpContext, Task> responseResults, string status = "completed")
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData("1\n2\n3\n"u8));
        return ScriptedServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/batches/b1" => ScriptedServer.WriteAsync(
                context,
                "application/json",
                $$"""
                {"id":"b1","status":"{{status}}","items":3,"done":1,"createdAt":"2026-01-02T03:04:05Z","error":"The disk is gone."}
                """),
            "/api/batches/b1/receipt" when status == "failed" =>
                ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"No receipt.\"}", 404),
            "/api/batches/b1/receipt" => ScriptedServer.WriteAsync(
                context,
                "application/json",
                $$"""
                {"batchId":"b1","items":3,"outcomes":3,"counts":{"succeeded":3},"sha256":"{{sha256}}","contentSha256":"",
                "createdAt":"2026-01-02T03:04:05Z","sealedAt":"2026-01-02T03:04:05Z","run":1,"shards":[]}
                """),
            _ => responseResults(context),
        });
    }
}
