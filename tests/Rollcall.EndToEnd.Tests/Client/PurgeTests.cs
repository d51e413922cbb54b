using DurableTask.Core.Query;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.Sqlite;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class PurgeTests : IAsyncLifetime
{
    LocalServer server = null!;
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync();
        target = await GatedTarget.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Purge_BatchThatHasEnded_LeavesNoFileAndNoRecordAndFreesItsId()
    {
        using var folder = new RunFolder(items: 3);
        (await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "once", "--watch")).RequireExit(0);

        var purge = await server.RunAsync("purge", "once");
        purge.RequireExit(0);
        Assert.Equal("Batch 'once' is deleted.\n", purge.Output);

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.StateFolder, "batches")));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.StateFolder, "catalog"), "*", SearchOption.AllDirectories));
        var again = await server.RunAsync("purge", "once");
        again.RequireExit(2);
        Assert.Equal("rollcall: There is no batch 'once'.", Assert.Single(again.ErrorLines));
        await server.KillAsync();
        await RequireNoRecordsAsync();
        await server.StartAgainAsync();

        using var other = new RunFolder(items: 5);
        (await server.RunAsync("submit", other.Input, "--to", target.Url, "--batch-id", "once", "--watch")).RequireExit(0);
        (await server.RunAsync("results", "once", "--out", other.Output)).RequireExit(0);
        other.RequireEveryResponse(5, responseBytes: 0);
    }

    [Fact]
    public async Task Purge_BatchThatRuns_SaysSoAndChangesNothing()
    {
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 4);
        string id = await server.SubmitAsync(folder.Input, target.Url);

        var purge = await server.RunAsync("purge", id);
        purge.RequireExit(2);
        Assert.Contains($"Batch '{id}' is running, so it cannot be deleted", Assert.Single(purge.ErrorLines), StringComparison.Ordinal);

        target.Open();
        (await server.RunAsync("watch", id)).RequireExit(0);
        (await server.RunAsync("results", id, "--out", folder.Output)).RequireExit(0);
        folder.RequireEveryResponse(4, responseBytes: 0);
        (await server.RunAsync("purge", id)).RequireExit(0);
    }

    [Fact]
    public async Task Server_WithRetention_DeletesWhatEndedLongerAgo()
    {
        using var folder = new RunFolder(items: 2);
        (await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "old", "--watch")).RequireExit(0);
        await server.KillAsync();

        // A twelfth of a second.
        using var keeper = CliProcess.Start("serve", "--state", server.StateFolder, "--port", "0", "--retention-days", "0.000001");
        await keeper.WaitForErrorAsync("Batch 'old' is deleted.");

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.StateFolder, "batches")));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.StateFolder, "catalog"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task List_OfASpan_HasTheBatchesOfItOnly()
    {
        using var folder = new RunFolder(items: 1);
        (await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "one", "--watch")).RequireExit(0);

        var since = await server.RunAsync("list", "--since", "2020-01-01T00:00:00+01:00");
        since.RequireExit(0);
        Assert.Contains("one  completed", since.Output, StringComparison.Ordinal);
        var until = await server.RunAsync("list", "--until", "2020-01-01T00:00:00Z");
        until.RequireExit(0);
        Assert.Empty(until.Output);
        var wrong = await server.RunAsync("list", "--since", "yesterday");
        wrong.RequireExit(2);
        Assert.Contains(
            "--since is 'yesterday': a time with its offset from UTC",
            Assert.Single(wrong.ErrorLines),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("36501")]
    public async Task Serve_RetentionOutOfRange_SaysWhatIsAllowed(string days)
    {
        var result = await CliProcess.RunAsync("serve", "--state", server.StateFolder + "-2", "--port", "0", "--retention-days", days);
        result.RequireExit(2);
        Assert.Equal(
            $"rollcall: --retention-days is '{days}': a number of days above 0 and up to 36500 is needed. See 'rollcall serve --help'.",
            Assert.Single(result.ErrorLines));
    }

    async Task RequireNoRecordsAsync()
    {
        await using var service = SqliteOrchestrationService.Open(
            new SqliteOrchestrationServiceOptions { Path = Path.Combine(server.StateFolder, "engine.db") });
        var all = await service.GetOrchestrationWithQueryAsync(new OrchestrationQuery(), TestContext.Current.CancellationToken);
        Assert.Empty(all.OrchestrationState);
    }
}
