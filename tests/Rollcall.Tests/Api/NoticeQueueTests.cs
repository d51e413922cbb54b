using Rollcall.Api.Requests;
using Rollcall.Tests.Building;
using Rollcall.Validation;

namespace Rollcall.Tests.Api;

/// <summary>Which queues a request may have its notice put on, whichever way it comes.</summary>
public sealed class NoticeQueueTests
{
    readonly RequestGrants grants = TestGrants.WithStorage(queues: "rollcall-notices,scored");

    public static TheoryData<string> Others => new(
        "rollcall-control-00", "rollcall-workitems", "rollcall-batches", "rollcall-batches-poison", "azure-webjobs-blobtrigger-app", "orders", "rollcall-notices-2");

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Queue_ThatIsNotOpened_IsRefusedAtTheStart(string queue)
    {
        using var api = new TestApi(grants);
        string expected = $"is '{queue}': \"rollcall-notices\" and \"scored\" are allowed, by the host's setting Rollcall__NoticeQueues.";
        Assert.Equal(("pointer /onCompleted/queue", expected), (await api.PostJsonAsync(Json(queue))).OnlyError(400));
        Assert.Equal(("parameter notifyQueue", expected), (await api.PostLinesAsync($"?to=http://h/&id=y&notifyQueue={queue}", "1\n")).OnlyError(400));
        Assert.Empty(api.Scheduler.Scheduled);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Queue_ThatIsNotOpenedInAQueueMessage_IsRefused(string queue)
    {
        var error = Assert.Throws<InvalidInputException>(() => BatchRequestParser.Parse(QueueText.ToJson(Json(queue)), TimeProvider.System, grants));
        Assert.Equal("/onCompleted/queue", Assert.Single(error.Errors).Field);
    }

    [Fact]
    public async Task Queue_OnAHostThatOpensNone_IsRefused()
    {
        using var api = new TestApi(TestGrants.WithStorage());
        Assert.Equal("is not allowed: the host's setting Rollcall__NoticeQueues lists none.", (await api.PostJsonAsync(Json("scored"))).OnlyError(400).Message);
    }

    static string Json(string queue) => $$$"""{"id":"x","target":{"url":"http://h/"},"items":[{"body":1}],"onCompleted":{"queue":"{{{queue}}}"}}""";
}
