using System.Net;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches whose target wants credentials.</summary>
[Collection(LifeCollection.Name)]
public sealed class CredentialsTests(LifeHosts hosts)
{
    const int Items = 60;

    // 20 refusals in a row are needed, and the items that are refused before any more are in flight have their outcome.
    const int MostRefused = 19;

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Credentials_ThatTheTargetRefuses_PauseTheBatchUntilItIsResumed(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = _ => false;
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, Items);
        var paused = await batch.WaitForStateAsync("paused");
        Assert.Contains(
            "The target refuses the credentials: its last 20 responses were 401 or 403",
            paused.GetProperty("error").GetString(),
            StringComparison.Ordinal);

        target.Accepts = _ => true;
        (await batch.ChangeAsync("resume")).Require(HttpStatusCode.Accepted);
        var completed = await batch.WaitForStateAsync("completed");
        int refused = completed.GetProperty("counts").GetProperty("failed").GetInt32();
        Assert.InRange(refused, 0, MostRefused);
        var lines = await batch.RequireSealedAsync(Items - refused, refused);
        Assert.All(lines.Where(line => line.GetProperty("status").GetString() == "succeeded"), batch.RequireResponse);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Token_ThatIsAcceptedForAFewRequests_IsRenewedByTheHostWithoutAnAttempt(HostKind kind)
    {
        await using var tokens = new TokenServer(uses: 40).Start();
        await using var target = await GatedTarget.StartAsync();
        target.Accepts = tokens.Accepts;
        string auth =
            $$"""
            "auth":{"clientSecret":{"secret":"CLIENT"},"clientId":"{{TokenServer.ClientId}}","tokenUrl":"{{tokens.Url}}",
            "type":"clientCredentials"}
            """;
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, Items, auth: auth);
        await batch.WaitForStateAsync("completed");
        Assert.All(await batch.RequireSealedAsync(succeeded: Items), line =>
        {
            batch.RequireResponse(line);
            Assert.Equal(1, line.GetProperty("attempts").GetInt32());
        });
        Assert.Equal(2, tokens.Taken);
    }
}
