using System.Net;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches that are held up, or get other bounds, while they run.</summary>
[Collection(LifeCollection.Name)]
public sealed class PauseTests(LifeHosts hosts)
{
    const int InFlight = 4;

    // The promise is one of time: five seconds, and the rest for a machine that is busy. Only what is sent later tells that fewer lanes are
    // open, so that there is nothing to wait for instead.
    static readonly TimeSpan InForce = TimeSpan.FromSeconds(12);

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Pause_OverAPowerCut_SendsNothingUntilTheResume(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        var batch = await LifeBatch.StartAsync(host, target, 60);
        await target.WaitForArrivalsAsync(InFlight);

        var response = (await batch.ChangeAsync("pause")).Require(HttpStatusCode.Accepted);
        Assert.Equal("paused", response.Json.GetProperty("status").GetString());
        target.Open();
        await batch.WaitForDoneAsync(InFlight);
        await batch.RunAnotherAsync();
        Assert.Equal(InFlight, target.ReceivedInAll);

        await host.KillAsync();
        await host.StartAgainAsync();
        await batch.WaitForStateAsync("paused");
        await batch.RunAnotherAsync();
        Assert.Equal(InFlight, target.ReceivedInAll);

        (await batch.ChangeAsync("resume")).Require(HttpStatusCode.Accepted);
        await batch.WaitForStateAsync("completed");
        Assert.All(await batch.RequireSealedAsync(succeeded: 60), batch.RequireResponse);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Limits_OfARunningBatch_AreInForceWithinSeconds(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 200);
        await target.WaitForArrivalsAsync(InFlight);

        await ChangeAsync(batch, """{"concurrency":12}""");
        await target.WaitForArrivalsAsync(12 - InFlight);

        // All that is in flight ends at once, so that what comes next is by the new limit.
        await ChangeAsync(batch, """{"concurrency":2}""");
        await Task.Delay(InForce, TestContext.Current.CancellationToken);
        target.Release();
        await target.WaitForArrivalsAsync(2);
        await batch.RunAnotherAsync();
        Assert.Equal(14, target.ReceivedInAll);

        await ChangeAsync(batch, """{"concurrency":50,"ratePerSecond":null}""");
        target.Open();
        await batch.WaitForStateAsync("completed");
        Assert.All(await batch.RequireSealedAsync(succeeded: 200), batch.RequireResponse);
        Assert.All(target.Received, item => Assert.Equal(1, item.Value));
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Rate_OfABatchThatWaits_IsRaisedWithinSeconds(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 40, "\"ratePerSecond\":0.01");
        await batch.WaitForStateAsync("running");

        await ChangeAsync(batch, """{"ratePerSecond":100}""");
        await batch.WaitForStateAsync("completed");

        await batch.RequireSealedAsync(succeeded: 40);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Limits_ThatAreNotAllowed_AreEachNamed(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 1);
        var response = await batch.Host.Api.SendAsync(
            HttpMethod.Patch,
            $"api/batches/{batch.Id}",
            """{"concurrency":0,"ratePerSecond":"fast","concurency":3}""");
        response.RequireProblem(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["/concurency", "/concurrency", "/ratePerSecond"],
            response.Json
                .GetProperty("errors")
                .EnumerateArray()
                .Select(error => error.GetProperty("pointer").GetString())
                .Order(StringComparer.Ordinal));

        await batch.WaitForStateAsync("completed");
        var late = await batch.Host.Api.SendAsync(HttpMethod.Patch, $"api/batches/{batch.Id}", """{"concurrency":9}""");
        Assert.Contains("is completed, so it cannot be changed", late.RequireProblem(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal("completed", late.Json.GetProperty("batchStatus").GetString());
        (await batch.Host.Api.SendAsync(HttpMethod.Patch, "api/batches/nobody", "{}")).RequireProblem(HttpStatusCode.BadRequest);
        (
            await batch.Host.Api.SendAsync(
                HttpMethod.Patch,
                "api/batches/nobody",
                """{"concurrency":9}""")).RequireProblem(HttpStatusCode.NotFound);
    }

    static async Task ChangeAsync(LifeBatch batch, string json)
    {
        var response = (await batch.Host.Api.SendAsync(HttpMethod.Patch, $"api/batches/{batch.Id}", json)).Require(HttpStatusCode.Accepted);
        var fields = JsonElement.Parse(json).EnumerateObject();
        foreach (var field in fields.Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            Assert.Equal(field.Value.GetDouble(), response.Json.GetProperty(field.Name).GetDouble());
        }
    }
}
