using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches that say which responses are successes.</summary>
[Collection(LifeCollection.Name)]
public sealed class VerdictTests(LifeHosts hosts)
{
    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Response_ThatTheVerdictDoesNotAccept_IsNoSuccessOnAnyHost(HostKind kind)
    {
        string padding = new('x', 20_000);
        await using var target = await GatedTarget.StartAsync();
        var host = await hosts.GetAsync(kind);
        string[] bodies = ["""{"ok":true}""", """{"error":"late"}""", $$"""{"pad":"{{padding}}","error":"late"}""", "\"text\""];
        var response = await host.Api.PostAsync(
            System.Text.Encoding.UTF8.GetBytes(
                $$$"""
                {"target":{"url":"{{{target.Url}}}"},"items":[{{{string.Join(',', bodies.Select(body => $"{{\"body\":{body}}}"))}}}],
                "options":{"verdict":{"failIf":"error","success":"200"} } }
                """),
            "application/json");
        string id = response.Require(System.Net.HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;
        await host.Api.WaitForStateAsync(id, "completed");

        var lines = (await host.Api.DownloadResultsAsync(id)).Lines;
        Assert.Equal(
            ["succeeded", "failed", "failed", "succeeded"], lines.Select(line => line.GetProperty("status").GetString()));
        Assert.All(lines.Skip(1).Take(2), line => Assert.Equal("verdict", line.GetProperty("error").GetProperty("code").GetString()));
        Assert.All(lines.Index(), line => Assert.Equal(
            bodies[line.Index], System.Text.Encoding.UTF8.GetString(DownloadedResults.BodyOf(line.Item))));
    }
}
