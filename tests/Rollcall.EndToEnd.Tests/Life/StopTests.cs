using System.Net;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>Batches that end before all of their items are sent: every item has an outcome all the same.</summary>
[Collection(LifeCollection.Name)]
public sealed class StopTests(LifeHosts hosts)
{
    const int InFlight = 4;

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Cancel_WithResponsesInFlight_SendsNoMoreAndRecordsWhatIsSent(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.HoldMidBody();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 150);
        await target.WaitForHalvesAsync(InFlight);

        var response = (await batch.ChangeAsync("cancel")).Require(HttpStatusCode.Accepted);
        Assert.Equal("stopping", response.Json.GetProperty("status").GetString());
        target.Open();
        var ended = await batch.WaitForStateAsync("cancelled");

        Assert.Equal("The batch was cancelled.", ended.GetProperty("error").GetString());
        Assert.Equal(InFlight, target.ReceivedInAll);
        var lines = await batch.RequireSealedAsync(succeeded: InFlight, cancelled: 150 - InFlight);
        Assert.All(lines.Where(line => line.GetProperty("status").ValueEquals("succeeded")), batch.RequireResponse);
        Assert.All(lines.Where(line => line.GetProperty("status").ValueEquals("cancelled")), line =>
            Assert.Equal("cancelled", line.GetProperty("error").GetProperty("code").GetString()));
        (await batch.ChangeAsync("cancel")).Require(HttpStatusCode.OK);
        Assert.Contains(
            "is cancelled, so it cannot be paused",
            (await batch.ChangeAsync("pause")).RequireProblem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Cancel_ThenAPowerCut_EndsCancelledAfterTheRestart(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync(responseBytes: 5000);
        target.HoldMidBody();
        var batch = await LifeBatch.StartAsync(host, target, 120);
        await target.WaitForHalvesAsync(InFlight);
        (await batch.ChangeAsync("cancel")).Require(HttpStatusCode.Accepted);

        await host.KillAsync();
        target.Open();
        await host.StartAgainAsync();
        await batch.WaitForStateAsync("cancelled");

        Assert.Equal(InFlight, target.ReceivedInAll);
        await batch.RequireSealedAsync(succeeded: 0, cancelled: 120);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Deadline_ThatPasses_ExpiresWhatIsNotSent(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 30, "\"deadlineSeconds\":15");
        await target.WaitForArrivalsAsync(InFlight);

        var stopping = await batch.WaitForStateAsync("stopping");
        Assert.StartsWith("The deadline of 15 s passed at ", stopping.GetProperty("error").GetString(), StringComparison.Ordinal);
        target.Open();
        await batch.WaitForStateAsync("expired");

        Assert.Equal(InFlight, target.ReceivedInAll);
        await batch.RequireSealedAsync(succeeded: InFlight, expired: 30 - InFlight);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Failures_MoreThanAreAllowed_EndTheBatch(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        target.Status = 500;
        var batch = await LifeBatch.StartAsync(
            await hosts.GetAsync(kind),
            target,
            250,
            "\"maxFailedItems\":5,\"retry\":{\"maxAttempts\":1}");

        var ended = await batch.WaitForStateAsync("failed");

        Assert.Equal("More items failed than are allowed: at most 5 items.", ended.GetProperty("error").GetString());
        int failed = ended.GetProperty("counts").GetProperty("failed").GetInt32();
        Assert.InRange(failed, 6, 250 / 2);
        Assert.Equal(failed, target.ReceivedInAll);
        await batch.RequireSealedAsync(succeeded: 0, failed, cancelled: 250 - failed);
        Assert.Equal("failed", (await batch.Host.Api.GetReceiptAsync(batch.Id)).GetProperty("stop").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Start_ThatIsPutOff_SendsNothingBefore(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        var startAt = DateTimeOffset.UtcNow.AddSeconds(20);
        var batch = await LifeBatch.StartAsync(host, target, 5, more: $"\"startAt\":\"{startAt:O}\"");
        var never = await LifeBatch.StartAsync(host, target, 5, more: $"\"startAt\":\"{startAt.AddDays(1):O}\"");
        Assert.Equal("scheduled", (await host.Api.GetStatusAsync(batch.Id)).GetProperty("status").GetString());
        (await never.ChangeAsync("cancel")).Require(HttpStatusCode.Accepted);

        await batch.WaitForStateAsync("completed");

        Assert.True(target.FirstArrival >= startAt, $"An item came at {target.FirstArrival:O}, before {startAt:O}.");
        await batch.RequireSealedAsync(succeeded: 5);
        await never.WaitForStateAsync("cancelled");
        await never.RequireSealedAsync(succeeded: 0, cancelled: 5);
        Assert.Equal(5, target.ReceivedInAll);
    }
}
