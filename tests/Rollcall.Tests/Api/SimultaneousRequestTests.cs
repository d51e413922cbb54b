using System.IO.Pipelines;
using System.Text;
using Rollcall.Batches;

namespace Rollcall.Tests.Api;

/// <summary>Requests that change one batch, all at once.</summary>
public sealed class SimultaneousRequestTests : IDisposable
{
    readonly TestApi api = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task Redrives_ManyAtOnce_AreOneRedrive()
    {
        await EndAsync();

        var responses = await AtOnceAsync(60, _ => api.ChangeAsync("b", "redrive"));

        Assert.All(responses, response => Assert.Contains(response.Status, (int[])[202, 409]));
        Assert.Contains(responses, response => response.Status == 202);
        Assert.Equal(2, (await api.Store.FindControlAsync("b", Cancelled))!.Run);
        Assert.Equal(2, Assert.Single(api.Scheduler.Scheduled, run => run.Run > 1).Run);
    }

    [Fact]
    public async Task Redrive_BesideADeletion_IsAcceptedOrTheDeletionIsAndNeverBoth()
    {
        for (int round = 0; round < 10; round++)
        {
            await EndAsync();

            var responses = await AtOnceAsync(12, i => (i % 4) switch
            {
                0 => api.ChangeAsync("b", "redrive"),
                1 => api.DeleteAsync("b"),
                2 => api.ChangeElsewhereAsync("b", "redrive"),
                _ => api.DeleteElsewhereAsync("b"),
            });

            bool isRedriven = responses.Where((_, i) => i % 2 == 0).Any(response => response.Status == 202);
            bool isDeleted = responses.Where((_, i) => i % 2 == 1).Any(response => response.Status is 202 or 204);
            Assert.True(isRedriven != isDeleted, $"Redriven: {isRedriven}, deleted: {isDeleted}.");
            Assert.All(responses, response => Assert.Contains(response.Status, (int[])[202, 204, 404, 409]));
            Assert.Equal(isDeleted ? 404 : 200, (await api.StatusAsync("b")).Status);
            if (isRedriven)
            {
                await api.WriteRedrivenAsync();
                Assert.NotNull((await api.SealAsync(run: 2)).Whole);
                MarkEnded();
                await DeleteWholeAsync();
            }
        }
    }

    [Fact]
    public async Task Start_BesideADeletion_LeavesNothingInTheWayOfTheNextBatch()
    {
        for (int round = 0; round < 10; round++)
        {
            await EndAsync();
            var responses = await AtOnceAsync(12, i => i % 3 == 0 ? api.DeleteAsync("b") : StartAsync());

            Assert.All(responses, response => Assert.Contains(response.Status, (int[])[200, 202, 204, 404, 409]));
            if (api.Scheduler.Executions.ContainsKey("b"))
            {
                await SealAsync();
                await DeleteWholeAsync();
            }

            Assert.Equal(202, (await StartAsync()).Status);
            Assert.Null(api.Scheduler.Executions["b"].EndedAt);
            await SealAsync();
            await DeleteWholeAsync();
        }
    }

    [Theory]
    [InlineData("1\n", 409)]
    [InlineData("not JSON\n", 400)]
    public async Task Start_WhoseBatchIsStartedByAnotherAndDeletedMeanwhile_IsToldSoAndLeavesNothing(string rest, int expected)
    {
        var body = new Pipe();
        await body.Writer.WriteAsync("0\n"u8.ToArray(), Cancelled);
        var slow = api.PostStreamAsync($"?to={TestApi.Url}&id=b", "application/x-ndjson", body.Reader.AsStream());
        await WaitForIntakeAsync();
        await EndAsync();
        await DeleteWholeAsync();

        await body.Writer.WriteAsync(Encoding.UTF8.GetBytes(rest), Cancelled);
        await body.Writer.CompleteAsync();

        Assert.Equal(expected, (await slow).Status);
        Assert.False(Directory.Exists(api.Store.FolderOf("b")));
    }

    [Fact]
    public async Task Changes_OfEveryKindAtOnce_AreEachMadeOrRefused()
    {
        await api.StartBatchAsync();
        string[] verbs = ["pause", "resume", "cancel", "redrive"];

        var responses = await AtOnceAsync(60, i => (i % 6) switch
        {
            4 => api.PatchAsync("b", $$"""{"concurrency":{{i}}}"""),
            5 => api.DeleteAsync("b"),
            var verb => api.ChangeAsync("b", verbs[verb]),
        });

        Assert.All(responses, response => Assert.Contains(response.Status, (int[])[200, 202, 409]));
        var control = (await api.Store.FindControlAsync("b", Cancelled))!;
        Assert.Equal(StopKind.Cancelled, control.Stop?.Kind);
        Assert.Equal(responses.Count(response => response.Status == 202), control.Version);
    }

    static async Task<TestResponse[]> AtOnceAsync(int count, Func<int, Task<TestResponse>> call)
    {
        using var open = new ManualResetEventSlim();
        var calls = Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(async () =>
        {
            open.Wait(Cancelled);
            return await call(i);
        })));
        open.Set();
        return await calls;
    }

    Task<TestResponse> StartAsync() =>
        api.PostLinesAsync($"?to={TestApi.Url}&id=b", string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n")));

    async Task EndAsync()
    {
        Assert.Equal(202, (await StartAsync()).Status);
        await SealAsync();
    }

    async Task SealAsync()
    {
        await api.WriteShardsAsync(0);
        await api.SealAsync();
        MarkEnded();
    }

    async Task WaitForIntakeAsync()
    {
        while (!Directory.Exists(api.Store.FolderOf("b")) || Directory.GetFiles(api.Store.FolderOf("b"), "items.*").Length < 2)
        {
            await Task.Yield();
        }
    }

    void MarkEnded() => api.Scheduler.Executions["b"] = api.Scheduler.Executions["b"] with { EndedAt = api.Time.GetUtcNow() };

    async Task DeleteWholeAsync()
    {
        while ((await api.DeleteAsync("b")).Status is not 404 and var status)
        {
            Assert.Contains(status, (int[])[202, 204]);
        }
    }
}
