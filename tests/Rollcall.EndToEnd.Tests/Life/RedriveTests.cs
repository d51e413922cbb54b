using System.Net;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Ended batches whose items that did not succeed are sent again.</summary>
[Collection(LifeCollection.Name)]
public sealed class RedriveTests(LifeHosts hosts)
{
    const int Items = 120;
    const int InFlight = 4;

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Redrive_OverAPowerCut_SendsWhatFailedWithItsKeysAndKeepsTheOldOutcomes(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.Fails = payload => int.Parse(payload, System.Globalization.CultureInfo.InvariantCulture) % 3 == 0;
        var batch = await LifeBatch.StartAsync(host, target, Items, "\"retry\":{\"maxAttempts\":1}");
        await batch.WaitForStateAsync("completed");
        var before = await batch.RequireSealedAsync(succeeded: Items * 2 / 3, failed: Items / 3);
        Assert.Contains(
            "no such item",
            (await batch.ChangeAsync("redrive", "?errorCode=timeout")).RequireProblem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);

        target.Fails = _ => false;
        target.HoldMidBody();
        var response = (await batch.ChangeAsync("redrive", "?errorCode=http-status,timeout")).Require(HttpStatusCode.Accepted);
        Assert.Equal(2, response.Json.GetProperty("run").GetInt32());
        await target.WaitForHalvesAsync(Items + InFlight);
        await host.KillAsync();
        target.Open();
        await host.StartAgainAsync();
        var ended = await batch.WaitForStateAsync("completed");

        Assert.Equal(2, ended.GetProperty("run").GetInt32());
        var after = await batch.RequireSealedAsync(succeeded: Items);
        Assert.All(after, batch.RequireResponse);
        Assert.Equal(2, (await host.Api.GetReceiptAsync(batch.Id)).GetProperty("run").GetInt32());
        Assert.Equal(before.Select(line => line.GetRawText()), (await batch.ReadResultsAsync("?run=1")).Select(line => line.GetRawText()));
        Assert.Equal(
            1,
            (await host.Api.GetAsync($"api/batches/{batch.Id}/receipt?run=1"))
                .Require(HttpStatusCode.OK).Json
                .GetProperty("run")
                .GetInt32());
        Assert.All(target.Keys, item => Assert.Single(item.Value.Distinct()));
        Assert.All(
            target.Received.Where(item => int.Parse(item.Key, System.Globalization.CultureInfo.InvariantCulture) % 3 != 0),
            item => Assert.True(item.Value == 1, $"Item {item.Key} had succeeded and was sent {item.Value} times."));
        Assert.Contains(
            "no such item",
            (await batch.ChangeAsync("redrive")).RequireProblem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Redrive_OfACancelledBatch_SendsWhatWasNotSent(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 30);
        await target.WaitForArrivalsAsync(InFlight);
        Assert.Contains(
            "cannot be redriven",
            (await batch.ChangeAsync("redrive")).RequireProblem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
        (await batch.ChangeAsync("cancel")).Require(HttpStatusCode.Accepted);
        target.Open();
        await batch.WaitForStateAsync("cancelled");

        (await batch.ChangeAsync("redrive")).Require(HttpStatusCode.Accepted);
        await batch.WaitForStateAsync("completed");

        Assert.All(await batch.RequireSealedAsync(succeeded: 30), batch.RequireResponse);
        Assert.Equal(30, target.ReceivedInAll);
    }
}
