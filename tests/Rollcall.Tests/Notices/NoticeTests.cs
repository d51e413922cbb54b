using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Notices;

namespace Rollcall.Tests.Notices;

public sealed class NoticeTests : IDisposable
{
    readonly EndedBatch batch = new();

    public void Dispose() => batch.Dispose();

    [Fact]
    public async Task Notice_OfASealedBatch_SaysWhatTheReceiptSays()
    {
        await batch.SealAsync();

        var notice = await batch.NoticeAsync();

        Assert.Equal("batch.ended", notice.GetProperty("type").GetString());
        Assert.Equal(batch.Time.GetUtcNow(), notice.GetProperty("timestamp").GetDateTimeOffset());
        var data = notice.GetProperty("data");
        Assert.Equal(["id", "status", "run", "items", "counts", "sha256", "createdAt", "endedAt"], data.EnumerateObject().Select(field => field.Name));
        Assert.Equal("batch-1", data.GetProperty("id").GetString());
        Assert.Equal("completed", data.GetProperty("status").GetString());
        Assert.Equal(1, data.GetProperty("run").GetInt32());
        Assert.Equal(3, data.GetProperty("items").GetInt64());
        Assert.Equal(2, data.GetProperty("counts").GetProperty("succeeded").GetInt64());
        Assert.Equal(new string('a', 64), data.GetProperty("sha256").GetString());
        Assert.Equal(batch.Manifest.CreatedAt, data.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(batch.Time.GetUtcNow(), data.GetProperty("endedAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(StopKind.Cancelled, "cancelled")]
    [InlineData(StopKind.Expired, "expired")]
    [InlineData(StopKind.Failed, "failed")]
    public async Task Notice_OfABatchThatWasStopped_SaysHowAndWhy(StopKind kind, string status)
    {
        await batch.SealAsync(stop: new BatchStop(kind, "That is why.", batch.Time.GetUtcNow()));

        var data = (await batch.NoticeAsync()).GetProperty("data");

        Assert.Equal(status, data.GetProperty("status").GetString());
        Assert.Equal("That is why.", data.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Notice_OfABatchThatFailedForGood_SaysWhyAndHasNoHash()
    {
        await batch.FailAsync("The store is gone.");

        var data = (await batch.NoticeAsync()).GetProperty("data");

        Assert.Equal("failed", data.GetProperty("status").GetString());
        Assert.Equal("The store is gone.", data.GetProperty("error").GetString());
        Assert.Equal(1, data.GetProperty("counts").GetProperty("succeeded").GetInt64());
        Assert.False(data.TryGetProperty("sha256", out _));
    }

    [Fact]
    public async Task Notice_MadeAgainLater_HasTheSameIdAndBytes()
    {
        await batch.SealAsync();
        var first = await Notice.CreateAsync(batch.Store, batch.Manifest, run: 1);
        batch.Time.Advance(TimeSpan.FromHours(5));

        var second = await Notice.CreateAsync(batch.Store, batch.Manifest, run: 1);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.Body.ToArray(), second.Body.ToArray());
    }

    [Fact]
    public async Task Notice_OfAnotherRunOrAnotherBatchOfTheId_HasAnotherId()
    {
        await batch.SealAsync();
        await batch.SealAsync(run: 2);
        var again = batch.Manifest with { CreatedAt = batch.Manifest.CreatedAt.AddSeconds(1) };

        string[] ids =
        [
            (await Notice.CreateAsync(batch.Store, batch.Manifest, run: 1)).Id,
            (await Notice.CreateAsync(batch.Store, batch.Manifest, run: 2)).Id,
            (await Notice.CreateAsync(batch.Store, again, run: 1)).Id,
        ];

        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.DoesNotContain('.', id));
    }

    [Fact]
    public async Task Notice_OfARunThatHasNotEnded_IsNotMade()
    {
        await batch.SealAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Notice.CreateAsync(batch.Store, batch.Manifest, run: 2));

        Assert.Contains("Run 2 of batch 'batch-1' has not ended", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outcome_RecordedTwice_IsTheFirst()
    {
        var first = new NoticeStatus(new NoticeDelivery(NoticeState.Delivered, [new NoticeAttempt(batch.Time.GetUtcNow(), 1.5, 204)]));
        await batch.Store.WriteNoticeAsync(EndedBatch.Id, 2, first, TestContext.Current.CancellationToken);
        await batch.Store.WriteNoticeAsync(EndedBatch.Id, 2, new NoticeStatus(), TestContext.Current.CancellationToken);

        var found = await batch.Store.FindNoticeAsync(EndedBatch.Id, 2, TestContext.Current.CancellationToken);

        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(found));
        Assert.Null(await batch.Store.FindNoticeAsync(EndedBatch.Id, 1, TestContext.Current.CancellationToken));
    }
}
