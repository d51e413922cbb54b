using System.Text;

namespace Rollcall.Tests.Api;

/// <summary>Requests that take long, ask for much, or are many.</summary>
public sealed class IntakeLimitTests : IDisposable
{
    const string Lines = "application/x-ndjson";
    const string Query = $"?to={TestApi.Url}&id=b";

    readonly TestApi api = new(intakes: 2);
    readonly HeldStream body = new();
    readonly HeldStream second = new();

    public void Dispose()
    {
        api.Dispose();
        body.Dispose();
        second.Dispose();
    }

    [Theory]
    [InlineData(Lines)]
    [InlineData("application/json")]
    public async Task Body_OfWhichNothingComesForAMinute_IsEndedWith408(string type)
    {
        var request = api.PostStreamAsync(type == Lines ? Query : "", type, body);
        await body.Asked;

        api.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("too slowly", (await request).Problem(408), StringComparison.Ordinal);
        Assert.Equal(404, (await api.StatusAsync("b")).Status);
    }

    [Fact]
    public async Task Body_ThatTrickles_IsEndedWith408()
    {
        await using var slow = new SlowStream(api.Time, TimeSpan.FromSeconds(20), bytesAtOnce: 100, Text(100_000));

        Assert.Contains("1024 bytes", (await api.PostStreamAsync(Query, Lines, slow)).Problem(408), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatComesAtTheLeastPace_MayTakeHours()
    {
        var began = api.Time.GetUtcNow();
        await using var slow = new SlowStream(api.Time, TimeSpan.FromSeconds(50), bytesAtOnce: 1024, Text(9 * 1024 * 45));

        Assert.Equal(202, (await api.PostStreamAsync(Query, Lines, slow)).Status);
        Assert.True(api.Time.GetUtcNow() - began > TimeSpan.FromHours(5), "It was not slow.");
    }

    [Fact]
    public async Task Change_WhoseBodyDoesNotCome_IsEndedWith408()
    {
        await api.StartBatchAsync();
        var request = api.PatchAsync("b", body);
        await body.Asked;

        api.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("too slowly", (await request).Problem(408), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_MoreThanMayBeReadAtOnce_AreToldToComeAgainAndThenDo()
    {
        var one = api.PostStreamAsync(Query, Lines, body);
        var other = api.PostStreamAsync($"?to={TestApi.Url}&id=c", Lines, second);
        await Task.WhenAll(body.Asked, second.Asked);

        var refused = await api.PostLinesAsync($"?to={TestApi.Url}&id=d", "1\n");
        body.Open("1\n");
        Assert.Equal(202, (await one).Status);
        var accepted = await api.PostLinesAsync($"?to={TestApi.Url}&id=d", "1\n");
        second.Open("1\n");

        Assert.Contains("as many as there may be at once", refused.Problem(429), StringComparison.Ordinal);
        Assert.Equal("5", refused.Headers.RetryAfter);
        Assert.Equal(202, accepted.Status);
        Assert.Equal(202, (await other).Status);
    }

    [Fact]
    public async Task Request_ThatPromisesMoreThanItSends_TakesNoMemoryForThePromise()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        var request = api.PostAsync("", "application/json", "{"u8.ToArray(), contentLength: 64 * 1024 * 1024);

        Assert.True(request.IsCompleted, "Another thread may have allocated.");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        (await request).Problem(400);
    }

    [Theory]
    [InlineData(Lines, "gzip")]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "br, gzip")]
    public async Task Body_ThatIsCoded_IsRefusedWithWhatIsAccepted(string type, string coding)
    {
        var response = await api.PostAsync(type == Lines ? Query : "", type, [0x1F, 0x8B, 8, 0], ("Content-Encoding", coding));

        Assert.Contains($"'{coding}'", response.Problem(415), StringComparison.Ordinal);
        Assert.Equal("identity", response.Headers.AcceptEncoding);
    }

    [Theory]
    [InlineData("application/json", "", "\uFEFF{\"id\":\"b\",\"target\":{\"url\":\"http://127.0.0.1:9/\"},\"items\":[{\"body\":1}]}")]
    [InlineData(Lines, Query, "\uFEFF1\n")]
    public async Task Body_WithAByteOrderMark_IsReadWithoutIt(string type, string query, string text)
    {
        Assert.Equal(202, (await api.PostAsync(query, type, Encoding.UTF8.GetBytes(text), ("Content-Encoding", "identity"))).Status);
        Assert.Equal(202, (await api.PatchAsync("b", "\uFEFF{\"concurrency\":3}")).Status);

        var manifest = (await api.Store.FindManifestAsync("b", TestContext.Current.CancellationToken))!;
        Assert.Equal(
            "1"u8.ToArray(),
            (await api.Store.ReadItemAsync(manifest, 0, TestContext.Current.CancellationToken)).Payload.ToArray());
    }

    static byte[] Text(int bytes) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("12345678\n", bytes / 9)));

    /// <summary>A body that comes when the test says so.</summary>
    sealed class HeldStream : MemoryStream
    {
        readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when somebody waits for the body.</summary>
        public Task Asked => asked.Task;

        public void Open(string text)
        {
            Write(Encoding.UTF8.GetBytes(text));
            Position = 0;
            opened.SetResult();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            asked.TrySetResult();
            await opened.Task.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>A body of which a part comes after a time.</summary>
    sealed class SlowStream(
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time, TimeSpan each, int bytesAtOnce, byte[] bytes) : MemoryStream(bytes)
    {
        int ready;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (ready == 0)
            {
                time.Advance(each);
                cancellationToken.ThrowIfCancellationRequested();
                ready = bytesAtOnce;
            }

            int read = await base.ReadAsync(buffer[..Math.Min(ready, buffer.Length)], cancellationToken);
            ready -= read;
            return read;
        }
    }
}
