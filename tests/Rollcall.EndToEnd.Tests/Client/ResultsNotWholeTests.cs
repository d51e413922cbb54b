using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>Results of which a part does not come, or is not what the receipt says.</summary>
public sealed class ResultsNotWholeTests
{
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
