using System.Globalization;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class BatchWatchTests
{
    static readonly BatchStatus Running = new()
    {
        Id = "b1",
        Status = BatchState.Running,
        Items = 3,
        Done = 0,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public async Task Wait_ServerThatStaysAway_GivesUpAfterSayingOnceThatItWaits()
    {
        using var port = new ClosedPort();
        using var client = new ServerClient(new Uri(port.Url), key: null);
        var notes = new List<string>();
        var time = new HurriedTime();
        var watch = new BatchWatch(client, Running, notes.Add, time);

        var end = await Assert.ThrowsAsync<ServerException>(() => watch.WaitAsync(_ => { }, TestContext.Current.CancellationToken));

        Assert.True(end.IsTransient);
        Assert.Contains("cannot be reached", end.Message, StringComparison.Ordinal);
        Assert.Contains("Retrying", Assert.Single(notes), StringComparison.Ordinal);
        Assert.InRange(time.Waited, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task Wait_BatchThatIsPurged_EndsAtOnce()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
            ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"There is no batch 'b1'.\"}", 404));
        using var client = new ServerClient(new Uri(server.Url + "/"), key: null);
        var watch = new BatchWatch(client, Running, note => Assert.Fail(note), new HurriedTime());

        var end = await Assert.ThrowsAsync<ServerException>(() => watch.WaitAsync(_ => { }, TestContext.Current.CancellationToken));

        Assert.False(end.IsTransient);
        Assert.Single(server.Keys);
    }

    [Fact]
    public async Task Wait_StatusThatComesAgain_IsToldOnlyWhenItChanges()
    {
        var done = new Queue<int>([1, 1, 1, 2, 2, 3]);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            int now = done.Dequeue();
            string status = now == 3 ? "completed" : "running";
            return ScriptedServer.WriteAsync(
                context,
                "application/json",
                $$"""
                {"id":"b1","status":"{{status}}","items":3,"done":{{now}},"createdAt":"2026-01-02T03:04:05Z",
                "itemsPerSecond":{{done.Count.ToString(CultureInfo.InvariantCulture)}}}
                """);
        });
        using var client = new ServerClient(new Uri(server.Url + "/"), key: null);
        var told = new List<long?>();

        await new BatchWatch(client, Running, note => Assert.Fail(note), new HurriedTime()).WaitAsync(
            status => told.Add(status.Done),
            TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2, 3], told);
    }
}
