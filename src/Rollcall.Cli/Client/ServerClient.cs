using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rollcall.Api;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>
/// The HTTP API of a Rollcall server. Every failure is a <see cref="ServerException"/>.
/// </summary>
/// <param name="server">The server's URL, with a slash at the end.</param>
/// <param name="key">The server's key; null if it needs none.</param>
sealed class ServerClient(Uri server, string? key) : IDisposable
{
    const int BufferSize = 128 * 1024;


    readonly Uri batches = new(server, "api/batches");
    readonly ServerHttp http = new(server, key);

    /// <summary>Starts a batch: see <see cref="BatchUpload.SendAsync"/>.</summary>
    public Task<StartResponse> StartAsync(BatchSubmission submission, InputStream lines, CancellationToken cancellationToken) =>
        new BatchUpload(http, batches).SendAsync(submission, lines, cancellationToken);

    /// <summary>Checks whether the server responds.</summary>
    public Task<ApiHealth> GetHealthAsync(CancellationToken cancellationToken) =>
        http.GetJsonAsync(new Uri(server, "api/health"), ApiJson.Default.ApiHealth, cancellationToken);

    /// <summary>Gets a page of the list of batches.</summary>
    /// <param name="status">Only batches with this status; null for all.</param>
    /// <param name="since">Only batches created at this time or later; null for no limit.</param>
    /// <param name="until">Only batches created before this time; null for no limit.</param>
    /// <param name="limit">The maximum number of batches: 1 to 100.</param>
    /// <param name="after">The end of the page before; null for the first page.</param>
    public async Task<BatchPage> ListAsync(
        BatchState? status, DateTimeOffset? since, DateTimeOffset? until, int limit, string? after, CancellationToken cancellationToken)
    {
        string state = status is null ? "" : $"&status={KebabCase.Of(status)}";
        var uri = new Uri(
            $"{batches}?limit={limit}{state}{Parameter("since", TextOf(since))}{Parameter("until", TextOf(until))}"
            + Parameter("after", after));
        var page = await http.GetJsonAsync(uri, ApiJson.Default.BatchPage, cancellationToken);

        // A page that leads to itself would be read forever.
        if (page.Batches is null || (page.Next is not null && page.Next == after))
        {
            throw ServerHttp.NotRollcall(uri);
        }

        return page;
    }

    /// <summary>Gets a batch's status.</summary>
    public Task<BatchStatus> GetStatusAsync(string id, CancellationToken cancellationToken) =>
        http.GetJsonAsync(At(id), ApiJson.Default.BatchStatus, cancellationToken);

    /// <summary>Changes a batch: <c>cancel</c>, <c>pause</c>, <c>resume</c> or <c>redrive</c>.</summary>
    /// <param name="verb">The change, with its query if it has one.</param>
    /// <returns>The new status.</returns>
    public async Task<BatchStatus> PostAsync(string id, string verb, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(id, $"/{verb}"));
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Changes the limits of a batch.</summary>
    /// <param name="limits">The limits to change.</param>
    /// <returns>The new status.</returns>
    public async Task<BatchStatus> PatchAsync(string id, JsonObject limits, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Patch,
            At(id))
        { Content = new StringContent(limits.ToJsonString(), Encoding.UTF8, ServerHttp.JsonType) };
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Gets the receipt of a batch, if it has one.</summary>
    /// <param name="run">Which run of it, from 1; null for the newest.</param>
    /// <returns>The receipt, or null.</returns>
    public async Task<ServerReceipt?> FindReceiptAsync(string id, int? run, CancellationToken cancellationToken)
    {
        try
        {
            return await GetReceiptAsync(id, run, cancellationToken);
        }
        catch (ServerException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes a batch.</summary>
    /// <returns>Whether all of it is deleted; otherwise the server is still deleting the rest.</returns>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => http.CallAsync(
        async token =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, At(id));
            return await http.SendAsync(request, token) switch
            {
                HttpStatusCode.NoContent => true,
                HttpStatusCode.Accepted => false,
                _ => throw ServerHttp.NotRollcall(request.RequestUri!),
            };
        },
        ServerHttp.SilenceLimit,
        cancellationToken);

    /// <summary>Gets the receipt of a batch.</summary>
    /// <param name="run">Which run of it, from 1; null for the newest.</param>
    public async Task<ServerReceipt> GetReceiptAsync(string id, int? run, CancellationToken cancellationToken)
    {
        var uri = At(id, "/receipt" + (run is null ? "" : string.Create(CultureInfo.InvariantCulture, $"?run={run}")));
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var receipt = await http.CallAsync(
            async token =>
            {
                byte[] bytes = await http.ReadAsync(request, token);
                return new ServerReceipt(bytes, ServerHttp.Parse(bytes, BatchesJson.Compact.Receipt, uri));
            },
            ServerHttp.SilenceLimit,
            cancellationToken);
        return receipt.Content.BatchId == id ? receipt : throw ServerHttp.NotRollcall(uri);
    }

    /// <summary>Reads results of a batch as they arrive.</summary>
    /// <param name="results">Which results.</param>
    /// <param name="take">Takes a piece of them. The memory is reused after it returns.</param>
    /// <returns>The index that the results end before, if the server says so.</returns>
    public Task<long?> ReadResultsAsync(
        ResultsRequest results, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken) =>
        ReadAsync(At(results.Id, "/results" + results.ToQuery()), results.MediaType, take, cancellationToken);

    /// <summary>Reads the results of the items with given ids.</summary>
    /// <param name="results">Which batch and run.</param>
    /// <param name="take">Takes a piece of them. The memory is reused after it returns.</param>
    public Task ReadItemsAsync(
        ResultsRequest results, IEnumerable<string> ids, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken) =>
        ReadAsync(At(results.Id, "/items" + results.ToItemsQuery(ids)), results.MediaType, take, cancellationToken);

    async Task<long?> ReadAsync(
        Uri uri, string mediaType, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await http.CallAsync(
            token => http.SendAsync(request, mediaType, token),
            ServerHttp.SilenceLimit,
            cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferSize];
        int length;
        while ((length = await http.CallAsync(
            token => body.ReadAsync(buffer, token).AsTask(),
            ServerHttp.SilenceLimit,
            cancellationToken)) > 0)
        {
            await take(buffer.AsMemory(0, length));
        }

        return response.Headers.TryGetValues(ResultsApi.NextHeader, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long next) ? next : null;
    }

    /// <summary>Requests one result, to learn why the results from there on did not arrive.</summary>
    /// <param name="results">Which results were requested.</param>
    /// <returns>The failure that says what is damaged; null if nothing is, or the server does not respond.</returns>
    public async Task<ServerException?> FindDamageAsync(ResultsRequest results, long index, CancellationToken cancellationToken)
    {
        string run = results.Run is { } number ? string.Create(CultureInfo.InvariantCulture, $"?run={number}") : "";
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            At(results.Id, string.Create(CultureInfo.InvariantCulture, $"/items/{index}{run}")));
        try
        {
            using var response = await http.CallAsync(
                token => http.SendAsync(request, ServerHttp.JsonType, token),
                ServerHttp.SilenceLimit,
                cancellationToken);
            return null;
        }
        catch (ServerException exception)
        {
            return exception.IsDamaged ? exception : null;
        }
    }

    public void Dispose() => http.Dispose();

    Task<BatchStatus> ChangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.CallAsync(
            token => http.ReadJsonAsync(request, ApiJson.Default.BatchStatus, token),
            ServerHttp.SilenceLimit,
            cancellationToken);

    Uri At(string id, string more = "") => new($"{batches}/{Uri.EscapeDataString(id)}{more}");

    static string? TextOf(DateTimeOffset? time) => time is { } known ? Rfc3339.Of(known) : null;

    static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
