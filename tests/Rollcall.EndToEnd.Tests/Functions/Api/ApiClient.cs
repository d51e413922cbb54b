using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Functions.Api;

/// <summary>Speaks the HTTP API as a user's program does.</summary>
/// <param name="address">The host's address, wherever it listens at the time of a request.</param>
sealed class ApiClient(Func<Uri> address) : IDisposable
{
    // It only ends what hangs: on a machine with sixty processes for two cores, 1,000 items have taken over two minutes.
    static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(5);

    readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>The host's address at the moment.</summary>
    public Uri BaseAddress => address();

    public async Task<ApiResponse> PostAsync(
        ReadOnlyMemory<byte> body, string mediaType, string query = "", params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            Address($"api/batches{query}"))
        { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiResponse.ReadAsync(response);
    }

    public Task<ApiResponse> PostAsync(BatchDocument batch) => PostAsync(batch.ToBytes(), "application/json");

    /// <summary>Starts a batch of lines that come as they come.</summary>
    public async Task<ApiResponse> PostLinesAsync(Stream lines, string query)
    {
        using var content = new StreamContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await http.PostAsync(Address($"api/batches{query}"), content, TestContext.Current.CancellationToken);
        return await ApiResponse.ReadAsync(response);
    }

    /// <summary>Starts a batch, and gives its id.</summary>
    public async Task<string> StartAsync(BatchDocument batch) =>
        (await PostAsync(batch)).Require(HttpStatusCode.Accepted).Json.GetProperty("id").GetString()!;

    public async Task<ApiResponse> GetAsync(string path)
    {
        using var response = await http.GetAsync(Address(path), TestContext.Current.CancellationToken);
        return await ApiResponse.ReadAsync(response);
    }

    /// <summary>Makes a request without a body, or with one of JSON.</summary>
    public async Task<ApiResponse> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, Address(path));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiResponse.ReadAsync(response);
    }

    /// <summary>Changes a batch: <c>cancel</c>, <c>pause</c>, <c>resume</c> or <c>redrive</c>.</summary>
    public Task<ApiResponse> ChangeAsync(string id, string verb, string query = "") =>
        SendAsync(HttpMethod.Post, $"api/batches/{id}/{verb}{query}");

    /// <summary>A response that may be compressed: how it was, and the bytes after that.</summary>
    public async Task<(string? Encoding, byte[] Body)> GetCompressedAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await using var stream = new GZipStream(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            CompressionMode.Decompress);
        using var body = new MemoryStream();
        await stream.CopyToAsync(body, TestContext.Current.CancellationToken);
        return (response.Content.Headers.ContentEncoding.SingleOrDefault(), body.ToArray());
    }

    /// <summary>How a batch is.</summary>
    public async Task<JsonElement> GetStatusAsync(string id) => (await GetAsync($"api/batches/{id}")).Require(HttpStatusCode.OK).Json;

    /// <summary>Waits until a batch's status is as is wanted.</summary>
    public async Task<JsonElement> WaitForStatusAsync(string id, string what, Func<JsonElement, bool> isWanted, TimeSpan? limit = null)
    {
        var found = await Eventually.FindAsync($"batch '{id}' {what}", limit ?? UsualLimit, async () =>
        {
            var response = await GetAsync($"api/batches/{id}");
            return response.Status == HttpStatusCode.OK && isWanted(response.Json) ? response : null;
        });
        return found.Json;
    }

    /// <summary>Waits until a batch is in a state.</summary>
    public Task<JsonElement> WaitForStateAsync(string id, string state, TimeSpan? limit = null) =>
        WaitForStatusAsync(id, $"is {state}", status => status.GetProperty("status").ValueEquals(state), limit);

    /// <summary>Waits until a batch is completed, and gives its status.</summary>
    public async Task<JsonElement> WaitForCompletionAsync(string id, TimeSpan? limit = null)
    {
        string last = "";
        var ended = await Eventually.FindAsync($"batch '{id}' ends", limit ?? UsualLimit, async () =>
        {
            var response = await GetAsync($"api/batches/{id}");
            last = response.Text;
            return response.Status == HttpStatusCode.NotFound || !IsEnd(response.Require(HttpStatusCode.OK).Json) ? null : response;
        });
        Assert.True(ended.Json.GetProperty("status").ValueEquals("completed"), $"Batch '{id}' is not completed: {last}");
        return ended.Json;
    }

    public async Task<DownloadedResults> DownloadResultsAsync(string id, string query = "")
    {
        var response = await GetAsync($"api/batches/{id}/results{query}");
        response.Require(HttpStatusCode.OK);
        Assert.Equal("application/x-ndjson", response.ContentType);
        return new DownloadedResults(response.Body);
    }

    /// <summary>A page of the batches.</summary>
    public async Task<(IReadOnlyList<JsonElement> Batches, string? Next)> ListAsync(string query = "")
    {
        var page = (await GetAsync($"api/batches{query}")).Require(HttpStatusCode.OK).Json;
        return ([.. page.GetProperty("batches").EnumerateArray()], page.TryGetProperty("next", out var next) ? next.GetString() : null);
    }

    public async Task<JsonElement> GetReceiptAsync(string id) =>
        (await GetAsync($"api/batches/{id}/receipt")).Require(HttpStatusCode.OK).Json;

    public void Dispose() => http.Dispose();

    Uri Address(string path) => new(address(), path);

    static bool IsEnd(JsonElement status) =>
        status.GetProperty("status").GetString() is not ("pending" or "scheduled" or "running" or "stopping");
}
