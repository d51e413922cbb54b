using Rollcall.Batches;
using Rollcall.Targets;
using Rollcall.Tests.Building;

namespace Rollcall.Tests.Sending;

/// <summary>Response headers in outcomes.</summary>
public sealed class KeptHeadersTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public async Task Headers_ThatTheResponseHas_AreKeptWhateverTheStatus(int status)
    {
        await using var target = Target.Start(Responses.With(
            status, "{}", "X-Request-ID: r1", "x-list: a", "X-List: b, c", "Last-Modified: odd", "X-Text: ä", "Retry-After: 0"));
        using var sender = new TestSender
        {
            Record = new RecordOptions { KeepHeaders = ["x-request-id", "x-list", "x-none", "last-modified", "x-text", "content-length"] },
        };
        var outcome = await sender.SendAsync(target.Url);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["x-request-id"] = "r1",
                ["x-list"] = "a, b, c",
                ["last-modified"] = "odd",
                ["x-text"] = "ä",
                ["content-length"] = "2",
            },
            outcome.Headers);
    }

    [Fact]
    public async Task Headers_Over4KiBTogether_AreNull()
    {
        await using var target = Target.Start(Responses.With(
            200, "{}", $"X-A: {new string('a', 4000)}", $"X-B: {new string('b', 97)}", "X-C: c"));
        using var sender = new TestSender { Record = new RecordOptions { KeepHeaders = ["x-a", "x-b", "x-c"] } };
        var headers = (await sender.SendAsync(target.Url)).Headers!;
        Assert.Equal((4000, null, "c"), (headers["x-a"]!.Length, headers["x-b"], headers["x-c"]));
    }

    [Fact]
    public async Task Headers_OfABatchThatKeepsNone_AreNotRecorded()
    {
        await using var target = Target.Start(Responses.With(200, "{}", "X-A: a"));
        using var sender = new TestSender();
        Assert.Null((await sender.SendAsync(target.Url)).Headers);
    }
}
