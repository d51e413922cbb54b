using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rollcall.Api;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Results;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ResultsDownloadTests : IAsyncDisposable
{
    static readonly BatchStatus Running = new()
    {
        Id = "b1",
        Status = BatchState.Running,
        Items = 4,
        Done = 0,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    static readonly ResultsRequest Request = new() { Id = "b1", Statuses = [], Codes = [] };

    readonly MemoryStream written = new();
    readonly ConcurrentQueue<string> asked = new();
    readonly List<string> notes = [];
    readonly HurriedTime time = new();
    bool hasEnded;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => written.DisposeAsync();

    [Fact]
    public async Task Follow_ResponsesThatBreakOffWithinALine_AskAgainFromThatLine()
    {
        string[] responses = ["{\"index\":0}\n{\"inde", "{\"index\":1}\n{\"index\":2}\n{\"index\":3", "{\"index\":3}\n", ""];
        await using var server = await StartAsync(async (context, number) =>
        {
            await ScriptedServer.WriteAsync(context, "application/x-ndjson", responses[number]);
            hasEnded = number >= 2;
            if (!hasEnded)
            {
                // What has not been read when a connection breaks off is lost.
                await context.Response.Body.FlushAsync();
                long whole = number == 0 ? 12 : 36;
                await Eventually.BeTrueAsync(
                    "the whole lines are written",
                    TimeSpan.FromSeconds(30),
                    () => Task.FromResult(written.Length == whole));
                context.Abort();
            }
        });

        await FollowAsync(server.Url, Request);

        Assert.Equal("{\"index\":0}\n{\"index\":1}\n{\"index\":2}\n{\"index\":3}\n", Encoding.UTF8.GetString(written.ToArray()));
        Assert.Equal(["?contiguous=true", "?from=1&contiguous=true", "?from=3&contiguous=true", "?from=4"], asked);
    }

    [Fact]
    public async Task Follow_WithAFilter_GoesOnWhereTheServerSaysAndNotAtTheLastLine()
    {
        await using var server = await StartAsync((context, number) =>
        {
            hasEnded = number == 1;
            context.Response.Headers[ResultsApi.NextHeader] = "3";
            return ScriptedServer.WriteAsync(context, "application/x-ndjson", number == 0 ? "{\"index\":0}\n" : "");
        });

        await FollowAsync(
            server.Url,
            Request with { Statuses = [Items.OutcomeStatus.Failed], Codes = [Items.ItemErrorCode.HttpStatus, Items.ItemErrorCode.Dns] });

        const string Filter = "?status=failed&errorCode=http-status&errorCode=dns";
        Assert.Equal([$"{Filter}&contiguous=true", $"{Filter}&from=3&contiguous=true", $"{Filter}&from=3"], asked);
    }

    [Fact]
    public async Task Follow_BatchThatMakesNoProgress_IsAskedAtLongerAndLongerIntervals()
    {
        await using var server = await StartAsync((context, number) =>
        {
            hasEnded = number == 9;
            return ScriptedServer.WriteAsync(context, "application/x-ndjson", "");
        });

        await FollowAsync(server.Url, Request);

        // 0.2 + 0.4 + 0.8 + 1.6 and then 2 seconds each.
        Assert.Equal(TimeSpan.FromSeconds(3 + (6 * 2)), time.Waited);
        Assert.Empty(notes);
    }

    [Fact]
    public async Task Follow_ServerThatStaysAway_GivesUpAfterAMinuteAndSaysOnceThatItWaits()
    {
        using var port = new ClosedPort();

        var end = await Assert.ThrowsAsync<ServerException>(() => FollowAsync(port.Url.TrimEnd('/'), Request));

        Assert.True(end.IsTransient);
        Assert.Contains("cannot be reached", end.Message, StringComparison.Ordinal);
        Assert.Contains("Retrying for 60 seconds", Assert.Single(notes), StringComparison.Ordinal);
        Assert.InRange(time.Waited, TimeSpan.FromSeconds(58), TimeSpan.FromSeconds(64));
    }

    [Fact]
    public async Task Follow_BatchThatIsPurged_EndsAtOnce()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
            ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"There is no batch 'b1'.\"}", 404));

        var end = await Assert.ThrowsAsync<ServerException>(() => FollowAsync(server.Url, Request));

        Assert.False(end.IsTransient);
        Assert.Single(server.Keys);
    }

    [Fact]
    public async Task Follow_BatchThatFails_WritesAlsoWhatIsAfterAGap()
    {
        await using var server = await StartAsync((context, number) =>
        {
            hasEnded = true;
            return ScriptedServer.WriteAsync(context, "application/x-ndjson", number == 0 ? "{\"index\":0}\n" : "{\"index\":3}\n");
        });

        var (batch, receipt) = await FollowAsync(server.Url, Request);

        Assert.Equal(BatchState.Failed, batch.Status);
        Assert.Null(receipt);
        Assert.Equal("{\"index\":0}\n{\"index\":3}\n", Encoding.UTF8.GetString(written.ToArray()));
    }

    async Task<(BatchStatus Batch, Rollcall.Batches.Receipt? Receipt)> FollowAsync(string url, ResultsRequest request)
    {
        using var client = new ServerClient(new Uri(url + "/"), key: null);
        await using var output = new ResultsOutput(written, ResultFormat.Jsonl, from: 0);
        return await new ResultsDownload(client, request, output, time).FollowAsync(Running, notes.Add, Cancelled);
    }

    /// <summary>
    /// A server with a batch that fails when a test says so, and whose results a test chooses by the number of the request.
    /// </summary>
    Task<ScriptedServer> StartAsync(Func<HttpContext, int, Task> response) => ScriptedServer.StartAsync(context =>
    {
        if (context.Request.Path == "/api/batches/b1")
        {
            string status = hasEnded ? "failed" : "running";
            return ScriptedServer.WriteAsync(
                context,
                "application/json",
                $$"""{"id":"b1","status":"{{status}}","items":4,"createdAt":"2026-01-02T03:04:05Z"}""");
        }

        if (context.Request.Path == "/api/batches/b1/receipt")
        {
            return ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"Batch 'b1' has no receipt yet.\"}", 404);
        }

        asked.Enqueue(context.Request.QueryString.Value!);
        return response(context, asked.Count - 1);
    });
}
