using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches that say what their result lines have besides the outcomes.</summary>
[Collection(LifeCollection.Name)]
public sealed class FieldsTests(LifeHosts hosts)
{
    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Fields_OfABatch_AreInItsLinesTableAndReceiptOnAnyHost(HostKind kind)
    {
        await using var target = Target.Start(Responses.With(
            200, $"{{\n\"n\":20,\"text\":\"{new string('x', 20_000)}\"}}", "X-Request-Id: r"));
        var host = await hosts.GetAsync(kind);
        string extract = Uri.EscapeDataString("""{"n":"n","none":"text.x"}""");
        string query =
            $"?to={Uri.EscapeDataString(target.Url)}&extract={extract}&keepHeaders=X-Request-Id&jsonBody=true&withInput=true";
        var response = await host.Api.PostAsync("{\"a\": 1}\n[2]\n"u8.ToArray(), "application/x-ndjson", query);
        string id = response.Require(System.Net.HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
        await host.Api.WaitForStateAsync(id, "completed");

        var lines = (await host.Api.DownloadResultsAsync(id)).Lines;
        Assert.Equal(["{\"a\": 1}", "[2]"], lines.Select(line => line.GetProperty("input").GetRawText()));
        Assert.All(lines, line => Assert.Equal(
            ("""{"n":20,"none":null}""", "r", 20),
            (line.GetProperty("extracted").GetRawText(),
                line.GetProperty("headers").GetProperty("x-request-id").GetString(),
                line.GetProperty("json").GetProperty("n").GetInt32())));
        var total = (await host.Api.GetReceiptAsync(id)).GetProperty("totals").GetProperty("n");
        Assert.Equal((2, 40), (total.GetProperty("items").GetInt32(), total.GetProperty("sum").GetInt32()));
        string[] table = (await host.Api.GetAsync($"api/batches/{id}/results?format=csv")).Text.Split("\r\n");
        Assert.StartsWith("\uFEFFinput,index,", table[0], StringComparison.Ordinal);
        Assert.EndsWith(",n,none,header.x-request-id", table[0], StringComparison.Ordinal);
        Assert.StartsWith("[2],1,,succeeded,", table[2], StringComparison.Ordinal);
        Assert.EndsWith(",20,,r", table[2], StringComparison.Ordinal);
    }
}
