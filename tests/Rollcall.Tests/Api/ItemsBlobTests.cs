using Rollcall.Api.Requests;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Api;

/// <summary>Which blobs a request may have its items read from, whichever way it comes.</summary>
public sealed class ItemsBlobTests
{
    readonly List<string> opened = [];

    RequestGrants Grants => TestGrants.WithStorage(
        (path, _) =>
        {
            opened.Add(path);
            return Task.FromResult<Stream?>(new MemoryStream("1\n"u8.ToArray()));
        },
        containers: "in-1, in-2");

    public static TheoryData<string> Others => new(
        "other/a.jsonl",
        "rollcall/tuesday/results/0000000000.jsonl",
        "azure-webjobs-secrets/app/host.json",
        "$web/index.html",
        "$logs/a",
        "%69n-1/a",
        "IN-1/a",
        "in-1.other/a",
        "in-1\\..\\rollcall/a",
        "/in-1/a",
        "in-1");

    public static TheoryData<string> Elsewhere => new(
        "in-1/../azure-webjobs-secrets/app/host.json",
        "in-1/a/../../rollcall/tuesday/manifest.json",
        "in-1/..",
        "in-1/./a",
        "in-1/a/.",
        "in-1/.../a",
        "in-1//a",
        "in-1/a//b",
        "in-1/a/",
        "in-1/..\\rollcall/a",
        "in-1/a\\b",
        "in-1/%2e%2e/rollcall/a",
        "in-1/%2E./rollcall/a",
        "in-1/a%2f..%2f..%2frollcall/a",
        "in-1/a%2Fb",
        "in-1/a%5cb",
        "in-1/%252e%252e/rollcall/a",
        "in-1/%25252e%25252e/rollcall/a",
        "in-1/a\u0000b",
        "in-1/a\nb",
        "in-1/a\u007fb",
        "in-1/a%00b",
        "in-1/a%0d%0ab");

    [Theory]
    [InlineData("in-1/a.jsonl")]
    [InlineData("in-2/2026/01/a b.jsonl")]
    [InlineData("in-1/..a/b..jsonl")]
    [InlineData("in-1/100%.jsonl")]
    [InlineData("in-1/é?#&+.jsonl")]
    public async Task Blob_InAContainerThatIsOpened_IsRead(string path)
    {
        using var api = new TestApi(Grants);
        Assert.Equal(202, (await api.PostJsonAsync(Json(path))).Status);
        Assert.Equal([path], opened);
    }

    [Theory]
    [MemberData(nameof(Others))]
    [MemberData(nameof(Elsewhere))]
    public async Task Blob_OfAnythingElse_IsRefusedAndNotOpened(string path)
    {
        using var api = new TestApi(Grants);
        Assert.Equal("pointer /itemsBlob", (await api.PostJsonAsync(Json(path))).OnlyError(400).Place);
        Assert.Empty(opened);
        Assert.Empty(api.Scheduler.Scheduled);
    }

    [Theory]
    [MemberData(nameof(Others))]
    [MemberData(nameof(Elsewhere))]
    public void Blob_OfAnythingElseInAQueueMessage_IsRefused(string path)
    {
        var error = Assert.Throws<InvalidInputException>(() => BatchRequestParser.Parse(QueueText.ToJson(Json(path)), TimeProvider.System, Grants));
        Assert.Equal("/itemsBlob", Assert.Single(error.Errors).Field);
    }

    [Fact]
    public async Task Container_ThatIsNotOpened_IsNamedWithThoseThatAre()
    {
        using var api = new TestApi(Grants);
        Assert.Equal(
            "names a container that is 'other': \"in-1\" and \"in-2\" are allowed, by the host's setting Rollcall__ItemsContainers.",
            (await api.PostJsonAsync(Json("other/a"))).OnlyError(400).Message);
    }

    static string Json(string path)
    {
        string text = System.Text.Json.JsonSerializer.Serialize(path);
        return $$"""{"id":"x","target":{"url":"http://h/"},"itemsBlob":{{text}}}""";
    }
}
