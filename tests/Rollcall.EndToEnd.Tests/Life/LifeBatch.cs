using System.Net;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>A batch on one of the hosts, whose target is the test's.</summary>
sealed class LifeBatch
{
    const int Concurrency = 4;

    LifeBatch(ILifeHost host, GatedTarget target, string id, int items)
    {
        Host = host;
        Target = target;
        Id = id;
        Items = items;
    }

    public ILifeHost Host { get; }

    public GatedTarget Target { get; }

    public string Id { get; }

    public int Items { get; }

    /// <summary>Starts a batch of the payloads 0, 1, 2, …, of which four are in flight at once.</summary>
    public static async Task<LifeBatch> StartAsync(
        ILifeHost host, GatedTarget target, int items, string options = "", string more = "", string auth = "")
    {
        string payloads = string.Join(',', Enumerable.Range(0, items).Select(i => $$"""{"body":{{i}}}"""));
        string json =
            $$"""
            {"target":{"url":"{{target.Url}}"{{Comma(auth)}}},"items":[{{payloads}}],
            "options":{"concurrency":{{Concurrency}}{{Comma(options)}}}{{Comma(more)}}}
            """;
        var response = (await host.Api.PostAsync(Encoding.UTF8.GetBytes(json), "application/json")).Require(HttpStatusCode.Accepted);
        return new LifeBatch(host, target, response.Json.GetProperty("id").GetString()!, items);
    }

    /// <summary>Runs another batch whole on the same host. What this one would send wrongly it has then had the turns to send.</summary>
    public async Task RunAnotherAsync()
    {
        await using var target = await GatedTarget.StartAsync();
        var another = await StartAsync(Host, target, items: 40);
        await another.WaitForStateAsync("completed");
        Assert.Equal(40, target.ReceivedInAll);
    }

    public async Task<ApiResponse> ChangeAsync(string verb, string query = "") => await Host.Api.ChangeAsync(Id, verb, query);

    public Task<JsonElement> WaitForStateAsync(string state) => Host.Api.WaitForStateAsync(Id, state);

    public Task<JsonElement> WaitForDoneAsync(int done) =>
        Host.Api.WaitForStatusAsync(Id, $"has {done} outcomes", status => status.GetProperty("done").GetInt64() == done);

    /// <summary>The results, one for each item in input order.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadResultsAsync(string query = "")
    {
        var results = await Host.Api.DownloadResultsAsync(Id, query);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        return results.Lines;
    }

    /// <summary>The results, which must be those of the receipt, with so many of each kind.</summary>
    public async Task<IReadOnlyList<JsonElement>> RequireSealedAsync(int succeeded, int failed = 0, int cancelled = 0, int expired = 0)
    {
        var receipt = await Host.Api.GetReceiptAsync(Id);
        var results = await Host.Api.DownloadResultsAsync(Id);
        Assert.Equal(Enumerable.Range(0, Items), results.Indexes);
        Assert.Equal(receipt.GetProperty("sha256").GetString(), results.Sha256);
        var counts = receipt.GetProperty("counts");
        Assert.Equal((succeeded, failed, cancelled, expired), (Of("succeeded"), Of("failed"), Of("cancelled"), Of("expired")));
        Assert.Equal(Items, receipt.GetProperty("outcomes").GetInt32());
        return results.Lines;

        int Of(string kind) => counts.GetProperty(kind).GetInt32();
    }

    /// <summary>Requires that a line has the whole response to its item.</summary>
    public void RequireResponse(JsonElement line)
    {
        string payload = line.GetProperty("index").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("succeeded", line.GetProperty("status").GetString());
        Assert.Equal(GatedTarget.ResponseTo(payload, Target.ResponseBytes), DownloadedResults.BodyOf(line));
    }

    static string Comma(string json) => json.Length > 0 ? "," + json : "";
}
