using System.Net;
using Rollcall.EndToEnd.Tests.Functions.Api;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>A host that ends, with its whole worker, whatever runs for 15 s.</summary>
[Collection(OwnAppCollection.Name)]
public sealed class FunctionTimeoutTests
{
    [Fact]
    public async Task Timeout_OnAHostWithoutALimit_MayBeADay()
    {
        await using var app = await OwnApp.StartAsync(appFolder: null, ("AzureFunctionsJobHost__functionTimeout", "-1"));
        await using var target = await MeteredTarget.StartAsync();
        string id = await app.Api.StartAsync(
            new BatchDocument(target.Url) { Payloads = ["1"u8.ToArray()], Options = """{"timeoutSeconds":86400}""" });
        await app.Api.WaitForCompletionAsync(id);
        Assert.Single(target.Arrivals);
    }

    [Fact]
    public async Task Items_OfASlowTarget_TimeOutAndDisturbNoOtherBatch()
    {
        await using var app = await OwnApp.StartAsync(appFolder: null, ("AzureFunctionsJobHost__functionTimeout", "00:00:15"));
        await using var slow = await GatedTarget.StartAsync();
        await using var fast = await MeteredTarget.StartAsync();
        slow.HoldBeforeResponse();

        var refused = await app.Api.PostAsync(
            new BatchDocument(slow.Url) { Payloads = [.. Enumerable.Range(0, 4).Select(_ => "1"u8.ToArray())] });
        refused.Require(HttpStatusCode.BadRequest);
        Assert.Contains(
            "is 100: this host ends whatever runs for 15 s, so up to 10 is allowed. functionTimeout in host.json",
            refused.Text,
            StringComparison.Ordinal);

        var queued = new BatchDocument(slow.Url) { Id = "queued", Payloads = ["1"u8.ToArray()] };
        await app.Queue().SendMessageAsync(new BinaryData(queued.ToBytes()), cancellationToken: TestContext.Current.CancellationToken);

        string id = await app.Api.StartAsync(new BatchDocument(slow.Url)
        {
            Payloads = [.. Enumerable.Range(0, 4).Select(_ => "1"u8.ToArray())],
            Options = """{"timeoutSeconds":5,"retry":{"maxAttempts":4,"maxDelaySeconds":0.1}}""",
        });
        string other = await app.Api.StartAsync(new BatchDocument(fast.Url)
        {
            Payloads = [.. Enumerable.Range(0, 100).Select(_ => "1"u8.ToArray())],
            Options = """{"timeoutSeconds":5}""",
        });
        await app.Api.WaitForCompletionAsync(other);
        await app.Api.WaitForCompletionAsync(id);

        // Four attempts of 5 s are more than one activity has time for.
        var results = await app.Api.DownloadResultsAsync(id);
        Assert.All(
            results.Lines,
            line =>
                Assert.Equal(
                    ("timeout", 4),
                    (line.GetProperty("error").GetProperty("code").GetString(), line.GetProperty("attempts").GetInt32())));
        Assert.Equal(100, fast.Arrivals.Count);
        var poisoned = await app.Queue("-poison").PeekMessagesAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(queued.ToBytes(), Assert.Single(poisoned.Value).Body.ToArray());
        var rejected = Assert.Single((await app.Api.ListAsync("?status=rejected")).Batches);
        Assert.Contains(
            "/options/timeoutSeconds is 100: this host ends whatever runs for 15 s",
            rejected.GetProperty("error").GetString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Timeout value of", app.Host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("another is started", app.Host.Output, StringComparison.Ordinal);
    }
}
