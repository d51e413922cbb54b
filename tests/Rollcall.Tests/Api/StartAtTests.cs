namespace Rollcall.Tests.Api;

/// <summary>When a batch is asked to start. The clock stands at 2026-01-02T03:04:05Z.</summary>
public sealed class StartAtTests : IDisposable
{
    readonly TestApi api = new();

    public void Dispose() => api.Dispose();

    [Theory]
    [InlineData("2026-01-02T05:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02t05:00:00z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02 05:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("2026-01-02T05:00:00+05:30", "2026-01-01T23:30:00Z")]
    [InlineData("2026-01-02T05:00:00.25-00:00", "2026-01-02T05:00:00.25Z")]
    [InlineData("2026-01-02T05:00:00.123456789Z", "2026-01-02T05:00:00.1234567Z")]
    [InlineData("1999-12-31T23:59:59Z", "1999-12-31T23:59:59Z")]
    [InlineData("2027-01-03T03:04:05Z", "2027-01-03T03:04:05Z")]
    public async Task Time_OfRfc3339_IsTheBatchs(string text, string expected)
    {
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), await StartOfAsync($"\"{text}\""));
        await api.PostLinesAsync($"?to=http://h/&id=n&startAt={Uri.EscapeDataString(text)}", "1\n");
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), (await ManifestAsync("n")).StartAt);
    }

    [Fact]
    public async Task Null_IsAtOnce() => Assert.Null(await StartOfAsync("null"));

    [Theory]
    [InlineData("2027-01-03T03:04:06Z", "which is too far away: up to 366 days from now is allowed.")]
    [InlineData("2026-01-02T05:00:00", "is needed.")]
    [InlineData("2026-01-02T05:00:00 01:00", "is needed.")]
    [InlineData("2026-01-02", "is needed.")]
    [InlineData("2026-02-30T05:00:00Z", "is needed.")]
    [InlineData("2026-01-02T24:00:00Z", "is needed.")]
    [InlineData("2026-01-02T05:00Z", "is needed.")]
    [InlineData("2026-01-02T05:00:00.Z", "is needed.")]
    [InlineData("2026-01-02T05:00:00Z\\n", "is needed.")]
    [InlineData("2026-01-02T05:00:00+0530", "is needed.")]
    [InlineData("2026-01-02T05:00:00+99:00", "is needed.")]
    [InlineData("٢٠٢٦-01-02T05:00:00Z", "is needed.")]
    [InlineData("0000-01-01T00:00:00Z", "is needed.")]
    [InlineData("0001-01-01T00:00:00+14:00", "is needed.")]
    [InlineData("", "is needed.")]
    public async Task Text_ThatIsNoSuchTime_IsRefused(string text, string end)
    {
        var (place, message) = (await PostAsync($"\"{text}\"")).OnlyError(400);
        Assert.Equal("pointer /startAt", place);
        Assert.EndsWith(end, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1767323045")]
    [InlineData("{}")]
    public async Task Value_ThatIsNoText_IsRefused(string json)
    {
        Assert.Equal("pointer /startAt", (await PostAsync(json)).OnlyError(400).Place);
    }

    Task<TestResponse> PostAsync(string startAt) =>
        api.PostJsonAsync($$"""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}],"startAt":{{startAt}}}""");

    async Task<DateTimeOffset?> StartOfAsync(string startAt)
    {
        Assert.Equal(202, (await PostAsync(startAt)).Status);
        return (await ManifestAsync("x")).StartAt;
    }

    async Task<Rollcall.Batches.BatchManifest> ManifestAsync(string id) =>
        (await api.Store.FindManifestAsync(id, TestContext.Current.CancellationToken))!;
}
