using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A plan's batch on a server, by HTTP alone.</summary>
/// <param name="address">The server's address at the time.</param>
sealed class CrashBatch(Func<Uri> address) : IDisposable
{
    readonly HttpClient http = new();
    string path = "";

    public async Task StartAsync(CrashRun run)
    {
        var document = new BatchDocument(run.Target.Url)
        {
            Payloads = [.. run.Plan.Items.Select(item => Encoding.UTF8.GetBytes(item.Payload))],
            Options = string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                { "concurrency": {{run.AtOnce}}, "retry": { "maxAttempts": {{PlannedItem.MaxAttempts}}, "firstDelaySeconds": 0.5 },
                  "verdict": { "failIf": "{{PlannedItem.FailIf}}" } }
                """),
        };
        using var content = new ByteArrayContent(document.ToBytes());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync(new Uri(address(), "api/batches"), content, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        path = $"api/batches/{JsonElement.Parse(text).GetProperty("id").GetString()}";
    }

    /// <summary>Waits for the batch's end, and requires that its results and its receipt are right.</summary>
    public async Task RequireAsync(CrashRun run)
    {
        string last = "";
        await Eventually.BeTrueAsync("the batch is completed", CrashRun.Limit, async () =>
        {
            using var response = await http.GetAsync(new Uri(address(), path), TestContext.Current.CancellationToken);
            last = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
            if (response.StatusCode >= HttpStatusCode.InternalServerError)
            {
                // The request was in flight at the end of a worker, or of the storage account.
                return false;
            }

            string? status = JsonElement.Parse(last[4..]).GetProperty("status").GetString();
            Assert.True(status is "pending" or "running" or "completed", last);
            return status is "completed";
        });
        run.Require(await GetAsync("/results"), await GetAsync("/receipt"));
    }

    public void Dispose() => http.Dispose();

    async Task<byte[]> GetAsync(string part)
    {
        using var response = await http.GetAsync(new Uri(address(), path + part), TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}{part} answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        return body;
    }
}
