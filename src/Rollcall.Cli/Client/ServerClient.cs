using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Rollcall.Api;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>The HTTP API of a Rollcall server. Whatever goes wrong is a <see cref="CliException"/>, as <see cref="ServerHttp"/> says.</summary>
/// <param name="server">The server's URL, with a slash at the end.</param>
/// <param name="key">Its key; null where it needs none.</param>
sealed class ServerClient(Uri server, string? key) : IDisposable
{
    const string LinesType = "application/x-ndjson";
    const int BufferSize = 128 * 1024;

    readonly Uri batches = new(server, "api/batches");
    readonly ServerHttp http = new(server, key);

    /// <summary>Has a batch sent.</summary>
    /// <param name="submission">What to send.</param>
    /// <param name="lines">The lines, which are read as they go out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the server took in.</returns>
    public async Task<StartAnswer> StartAsync(BatchSubmission submission, Stream lines, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(batches + submission.ToQuery())) { Content = new StreamContent(lines, BufferSize) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(LinesType);

        // So that a server that refuses the batch can say so before all of it is sent.
        request.Headers.ExpectContinue = true;
        foreach (var (name, value) in submission.ToHeaders())
        {
            request.Headers.Add(name, value);
        }

        var answer = await http.CallAsync(token => http.ReadJsonAsync(request, ApiJson.Default.StartAnswer, token), Timeout.InfiniteTimeSpan, cancellationToken);
        return answer.Id == submission.Id ? answer : throw ServerHttp.NotRollcall(request.RequestUri!);
    }

    /// <summary>Gets a page of the list of batches.</summary>
    /// <param name="status">Which ones; null for all.</param>
    /// <param name="limit">How many at the most: 1 to 100.</param>
    /// <param name="after">The end of the page before; null for the first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<BatchPage> ListAsync(BatchState? status, int limit, string? after, CancellationToken cancellationToken)
    {
        string query = $"?limit={limit}" + (status is null ? "" : $"&status={KebabCase.Of(status)}") + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        var uri = new Uri(batches + query);
        var page = await http.GetJsonAsync(uri, ApiJson.Default.BatchPage, cancellationToken);

        // A page that leads to itself would be read for ever.
        return page.Batches is null || (page.Next is not null && page.Next == after) ? throw ServerHttp.NotRollcall(uri) : page;
    }

    /// <summary>Gets how a batch is.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<BatchStatus> GetStatusAsync(string id, CancellationToken cancellationToken) =>
        http.GetJsonAsync(At(id), ApiJson.Default.BatchStatus, cancellationToken);

    /// <summary>Has a batch changed: <c>cancel</c>, <c>pause</c>, <c>resume</c> or <c>redrive</c>.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="verb">What is to become of it, with a query where it takes one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How the batch is then.</returns>
    public async Task<BatchStatus> PostAsync(string id, string verb, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(id, $"/{verb}"));
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Changes the bounds of a batch.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="bounds">Those that change.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How the batch is then.</returns>
    public async Task<BatchStatus> PatchAsync(string id, JsonObject bounds, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, At(id)) { Content = new StringContent(bounds.ToJsonString(), Encoding.UTF8, ServerHttp.JsonType) };
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Gets the receipt of a batch, where there is one.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The receipt, or null.</returns>
    public async Task<ServerReceipt?> FindReceiptAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await GetReceiptAsync(id, cancellationToken);
        }
        catch (CliException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Gets the receipt of a batch.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ServerReceipt> GetReceiptAsync(string id, CancellationToken cancellationToken)
    {
        var uri = At(id, "/receipt");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var receipt = await http.CallAsync(
            async token =>
            {
                byte[] bytes = await http.ReadAsync(request, token);
                return new ServerReceipt(bytes, ServerHttp.Parse(bytes, RollcallJson.Compact.Receipt, uri));
            },
            ServerHttp.SilenceLimit,
            cancellationToken);
        return receipt.Content.BatchId == id ? receipt : throw ServerHttp.NotRollcall(uri);
    }

    /// <summary>Reads the result lines of a batch as they come.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="status">Which items; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The bytes in pieces, each of which is good until the next one.</returns>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadResultsAsync(
        string id,
        OutcomeStatus? status,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uri = At(id, status is null ? "/results" : $"/results?status={KebabCase.Of(status)}");
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await http.CallAsync(token => http.SendAsync(request, LinesType, token), ServerHttp.SilenceLimit, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferSize];
        int length;
        while ((length = await http.CallAsync(token => body.ReadAsync(buffer, token).AsTask(), ServerHttp.SilenceLimit, cancellationToken)) > 0)
        {
            yield return buffer.AsMemory(0, length);
        }
    }

    public void Dispose() => http.Dispose();

    Task<BatchStatus> ChangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.CallAsync(token => http.ReadJsonAsync(request, ApiJson.Default.BatchStatus, token), ServerHttp.SilenceLimit, cancellationToken);

    Uri At(string id, string more = "") => new($"{batches}/{Uri.EscapeDataString(id)}{more}");
}
