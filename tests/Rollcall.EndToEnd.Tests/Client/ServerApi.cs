using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>The HTTP API of a server, for what a test asks of it without the command line.</summary>
/// <param name="server">The server.</param>
sealed class ServerApi(LocalServer server) : IDisposable
{
    readonly HttpClient http = new();

    /// <summary>Starts a batch with options that are given as JSON, and returns its id.</summary>
    public async Task<string> StartAsync(int items, string target, string options)
    {
        string list = string.Join(',', Enumerable.Range(0, items).Select(number => $"{{\"body\":{RunFolder.Payload(number)}}}"));
        using var content = new StringContent(
            $"{{\"target\":{{\"url\":\"{target}\"}},\"items\":[{list}],\"options\":{options}}}",
            Encoding.UTF8,
            "application/json");
        using var response = await http.PostAsync(new Uri($"{server.Url}/api/batches"), content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.StartResponse)!.Id;
    }

    public async Task<BatchStatus> StatusAsync(string id) =>
        (await http.GetFromJsonAsync(new Uri($"{server.Url}/api/batches/{id}"), ApiJson.Default.BatchStatus))!;

    /// <summary>Waits until a batch's status is as it should be.</summary>
    public Task<BatchStatus> WaitAsync(string id, string what, Func<BatchStatus, bool> isSo) =>
        Eventually.FindAsync(
            what,
            TimeSpan.FromSeconds(60),
            async () => await StatusAsync(id) is var status && isSo(status) ? status : null);

    /// <summary>The result lines of a run of a batch.</summary>
    public async Task<IReadOnlyList<JsonElement>> ResultsAsync(string id, int run)
    {
        string lines = await http.GetStringAsync(new Uri($"{server.Url}/api/batches/{id}/results?run={run}"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public void Dispose() => http.Dispose();
}
