using System.Text;
using Rollcall.Batches;
using Rollcall.Cli.Running;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Templates;

namespace Rollcall.Cli.Tests.Running;

public sealed class RequestChangesTests : IAsyncLifetime
{
    static readonly BatchTarget Target = new("http://h/{{id}}?key=s3cr3t", new Dictionary<string, TargetHeader>())
    {
        Template = new TargetTemplate { Body = """{"id":{{ id }}}""", Headers = [new NamedTemplate("X-Id", "{{ id }}")] },
    };

    readonly string folder = Directory.CreateTempSubdirectory("rollcall-changes-").FullName;
    readonly FileBatchStore store;
    BatchManifest known = null!;

    public RequestChangesTests() => store = new FileBatchStore(folder);

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        known = new BatchManifest
        {
            Id = "run",
            Target = Target,
            Options = new BatchOptions(),
            ItemCount = 2,
            ItemsPerShard = 100,
            ItemsName = "1",
            ContentSha256 = "",
            CreatedAt = default,
        };
        await store.WriteItemsAsync("run", "1", Make(Target).ToAsyncEnumerable(), 100, Cancelled);
    }

    public ValueTask DisposeAsync()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task First_OfTheSameRequests_IsNone() => Assert.Null(await FindAsync(Target));

    [Fact]
    public async Task First_WithAnotherUrlOrMethod_IsShownWithoutItsQuery()
    {
        Assert.Equal(
            "item 0 was POST http://h/1?…, now it is POST http://h/v2/1?…",
            await FindAsync(Target with { Url = "http://h/v2/{{id}}?key=s3cr3t" }));
        Assert.Equal("item 0 was POST http://h/1?…, now it is PUT http://h/1?…", await FindAsync(Target with { Method = "PUT" }));
        Assert.Equal(
            "item 0 is POST http://h/1?… with another query", await FindAsync(Target with { Url = "http://h/{{id}}?key=other" }));
    }

    [Fact]
    public async Task First_WithAnotherHeader_IsShownWithoutItsValue()
    {
        var other = Target.Template! with { Headers = [new NamedTemplate("X-Id", "s3cr3t")] };
        Assert.Equal("item 0 (POST http://h/1?…) has another header 'X-Id'", await FindAsync(Target with { Template = other }));
        Assert.Equal(["--header"], new RequestChanges(Target with { Template = other }, known).FindOptions());
    }

    [Theory]
    [InlineData("""{"id":{{ id }},"n":1}""", "had '{\"id\":1}', now it has '{\"id\":1,\"n\":1}' at byte 8")]
    [InlineData("""{"a":"0123456789é","id":{{ id }}}""", "had '{\"id\":1}', now it has '{\"a\":\"0123456789é\",\"id\":1}' at byte 3")]
    [InlineData("""{"id":{{ id | at_most: 1 }}}""", "body of item 1 had '{\"id\":2}', now it has '{\"id\":1}' at byte 7")]
    public async Task First_WithAnotherBody_IsShownFromTheDifferenceOn(string body, string expected)
    {
        var other = Target with { Template = Target.Template! with { Body = body } };
        Assert.EndsWith(expected, await FindAsync(other), StringComparison.Ordinal);
        Assert.Equal(["--body"], new RequestChanges(other, known).FindOptions());
    }

    [Fact]
    public async Task First_WithALongBodyThatControlsATerminal_IsShortAndPlain()
    {
        var now = Make(Target).Select(item => item with { Payload = Encoding.UTF8.GetBytes($"{{\"id\":\u001b[31m{new string('é', 100)}") });
        Assert.Equal(
            $"the body of item 0 had '{{\"id\":1}}', now it has '{{\"id\": [31m{new string('é', 14)}…' at byte 7",
            await new RequestChanges(Target, known).DescribeFirstAsync(store, now.ToAsyncEnumerable(), Cancelled));
    }

    [Fact]
    public async Task First_OfARunWhoseItemsAreNotKept_IsNone()
    {
        await store.DeleteItemsAsync("run", "1", Cancelled);
        Assert.Null(await FindAsync(Target with { Method = "PUT" }));
    }

    Task<string?> FindAsync(BatchTarget request) =>
        new RequestChanges(request, known).DescribeFirstAsync(store, Make(request).ToAsyncEnumerable(), Cancelled);

    static List<BatchItem> Make(BatchTarget target) =>
    [
        .. Enumerable.Range(1, 2).Select(id =>
        {
            Assert.Null(RequestTemplate.Of(target).Make(new BatchItem(null, Encoding.UTF8.GetBytes($"{{\"id\":{id}}}")), out var made));
            return made;
        }),
    ];
}
