using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>What becomes of ended batches: somebody is told, they are listed, and deleted.</summary>
[Collection(LifeCollection.Name)]
public sealed class EndTests(LifeHosts hosts)
{
    // The secret of the hosts' setting, without its prefix.
    const string Secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    static readonly TimeSpan NoticeLimit = TimeSpan.FromMinutes(1);

    // A pass is bounded and deletes the oldest first, so that this may be for the next one, five minutes later.
    static readonly TimeSpan RetentionLimit = TimeSpan.FromMinutes(7);

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Webhook_OfABatch_IsToldSignedAndAgainUntilItResponds(HostKind kind)
    {
        await using var target = await GatedTarget.StartAsync();
        await using var hook = await GatedTarget.StartAsync();
        hook.Status = 500;
        var batch = await LifeBatch.StartAsync(
            await hosts.GetAsync(kind),
            target,
            3,
            more: $$$"""
            "onCompleted":{"webhook":{"url":"{{{hook.Url}}}","secret":"HOOK"}}
            """);
        await hook.WaitForArrivalsAsync(1);
        string sha256 = (await batch.Host.Api.GetReceiptAsync(batch.Id)).GetProperty("sha256").GetString()!;
        hook.Status = 200;

        var told = await batch.Host.Api.WaitForStatusAsync(batch.Id, "is told of", IsDelivered, NoticeLimit);

        Assert.Equal("completed", told.GetProperty("status").GetString());
        Assert.Equal(2, told.GetProperty("notice").GetProperty("webhook").GetProperty("attempts").GetArrayLength());
        string body = Assert.Single(hook.Received).Key;
        var data = JsonElement.Parse(body).GetProperty("data");
        Assert.Equal(
            (batch.Id, "completed", sha256),
            (data.GetProperty("id").GetString(), data.GetProperty("status").GetString(), data.GetProperty("sha256").GetString()));
        Assert.Single(hook.Headers.Select(headers => headers["webhook-id"]).Distinct());
        Assert.All(hook.Headers, headers =>
        {
            string signed = string.Create(CultureInfo.InvariantCulture, $"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
            byte[] expected = HMACSHA256.HashData(Convert.FromBase64String(Secret), Encoding.UTF8.GetBytes(signed));
            Assert.Equal($"v1,{Convert.ToBase64String(expected)}", headers["webhook-signature"]);
        });
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Batch_ThatHasEnded_IsListedByItsEndAndDeleted(HostKind kind)
    {
        var api = (await hosts.GetAsync(kind)).Api;
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        string since = DateTimeOffset.UtcNow
            .AddSeconds(-1)
            .ToString("O", CultureInfo.InvariantCulture)
            .Replace("+", "%2B", StringComparison.Ordinal);
        var batch = await LifeBatch.StartAsync(await hosts.GetAsync(kind), target, 2);
        Assert.Contains(
            "so it cannot be deleted",
            (await api.SendAsync(HttpMethod.Delete, $"api/batches/{batch.Id}")).RequireProblem(HttpStatusCode.Conflict),
            StringComparison.Ordinal);
        Assert.Contains(batch.Id, await ListAsync($"?status=running&since={since}"));
        target.Open();
        await batch.WaitForStateAsync("completed");

        Assert.Contains(batch.Id, await ListAsync($"?status=completed&since={since}"));
        Assert.DoesNotContain(batch.Id, await ListAsync($"?until={since}"));
        Assert.DoesNotContain(batch.Id, await ListAsync("?status=running"));
        var response = await api.SendAsync(HttpMethod.Delete, $"api/batches/{batch.Id}");

        Assert.True(response.Status is HttpStatusCode.NoContent or HttpStatusCode.Accepted, response.Text);
        (await api.GetAsync($"api/batches/{batch.Id}")).RequireProblem(HttpStatusCode.NotFound);
        (await api.GetAsync($"api/batches/{batch.Id}/results")).RequireProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain(batch.Id, await ListAsync(""));

        async Task<IEnumerable<string>> ListAsync(string query) =>
            (await api.ListAsync(query)).Batches.Select(status => status.GetProperty("id").GetString()!);
    }

    [Theory]
    [InlineData(HostKind.Serve)]
    [InlineData(HostKind.FunctionApp)]
    public async Task Batch_OlderThanTheRetention_IsDeletedByTheHost(HostKind kind)
    {
        var host = await hosts.GetAsync(kind);
        await using var target = await GatedTarget.StartAsync();
        var batch = await LifeBatch.StartAsync(host, target, 2);
        await batch.WaitForStateAsync("completed");

        await host.KillAsync();
        await host.StartAgainAsync(retentionDays: "0.000001");
        await Eventually.BeTrueAsync("the batch is deleted", RetentionLimit, async () =>
            (await host.Api.GetAsync($"api/batches/{batch.Id}")).Status == HttpStatusCode.NotFound);
        await host.KillAsync();
        await host.StartAgainAsync();

        Assert.DoesNotContain((await host.Api.ListAsync()).Batches, listed => listed.GetProperty("id").ValueEquals(batch.Id));
    }

    static bool IsDelivered(JsonElement status) =>
        status.TryGetProperty("notice", out var notice) && notice.GetProperty("webhook").GetProperty("status").ValueEquals("delivered");
}
