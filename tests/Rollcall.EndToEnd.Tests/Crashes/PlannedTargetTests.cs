using System.Net;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Crashes;

public sealed class PlannedTargetTests
{
    static readonly PlannedItem Item = new(0, Seed: 5, [TargetAct.Unavailable, TargetAct.Response], ResponseBytes: 500, IsBinary: true);

    [Fact]
    public async Task Request_OfAnItem_IsMetByItsNextActAndWrittenDown()
    {
        await using var target = new PlannedTarget([Item]);
        (HttpStatusCode Status, byte[] Body)[] responses =
            [
                await SendAsync(target, "b-0", Item.Payload),
                await SendAsync(target, "b-0", Item.Payload),
                await SendAsync(target, "b-0", Item.Payload),
            ];
        Assert.Equal(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.OK],
            responses.Select(response => response.Status));
        Assert.Equal([Item.Refusal(TargetAct.Unavailable), Item.Response(), Item.Response()], responses.Select(response => response.Body));

        var log = target.ReadLog();
        Assert.Equal([TargetAct.Unavailable, TargetAct.Response, TargetAct.Response], log.Requests[0].Select(request => request.Act));
        Assert.All(log.Requests[0], request => Assert.False(request.WasInFlightAtAKill));
        Assert.Empty(log.Faults);
    }

    [Theory]
    [InlineData("b-1", "{\"item\":0,\"seed\":5}", "A request has the idempotency key 'b-1', which is of no item.")]
    [InlineData("b", "{\"item\":0,\"seed\":5}", "A request has the idempotency key 'b', which is of no item.")]
    [InlineData("b-0", "{}", "A request with the key 'b-0' has the payload '{}', not item 0's.")]
    public async Task Request_OfNoItem_IsAFault(string key, string payload, string fault)
    {
        await using var target = new PlannedTarget([Item]);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(target, key, payload)).Status);
        Assert.Equal([fault], target.ReadLog().Faults);
        Assert.Empty(target.ReadLog().Requests[0]);
    }

    [Fact]
    public async Task Request_WithAnotherKeyThanBefore_IsAFault()
    {
        await using var target = new PlannedTarget([Item]);
        await SendAsync(target, "b-0", Item.Payload);
        await SendAsync(target, "c-0", Item.Payload);
        Assert.Equal(["Item 0 was sent with the key 'c-0', and before with 'b-0'."], target.ReadLog().Faults);
    }

    [Fact]
    public async Task Request_InFlightAtAKill_IsMarked()
    {
        var slow = Item with { Number = 0, Acts = [TargetAct.RespondLate] };
        await using var target = new PlannedTarget([slow]);
        var response = SendAsync(target, "b-0", slow.Payload);
        await target.WaitForRequestsAsync(1);
        Assert.Equal(1, target.NoteKill());
        await response;
        Assert.True(Assert.Single(target.ReadLog().Requests[0]).WasInFlightAtAKill);
    }

    static async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(PlannedTarget target, string key, string payload)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            target.Url)
        { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
