using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Rollcall.Api;
using Rollcall.Api.Answers;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>
/// The HTTP API of a Rollcall server. Whatever goes wrong is a <see cref="ServerException"/>, as <see cref="ServerHttp"/> says.
/// </summary>
/// <param name="server">The server's URL, with a slash at the end.</param>
/// <param name="key">Its key; null where it needs none.</param>
sealed class ServerClient(Uri server, string? key) : IDisposable
{
    const string LinesType = "application/x-ndjson";
    const int BufferSize = 128 * 1024;

    // A third of what a Function App takes in one request by default, and the host holds it in memory.
    const int PartBytes = 32 * 1024 * 1024;

    readonly Uri batches = new(server, "api/batches");
    readonly ServerHttp http = new(server, key);

    /// <summary>Starts a batch.</summary>
    /// <param name="lines">
    /// The lines, which are read as they go out: in parts where they may be more than a platform takes in one request.
    /// </param>
    /// <returns>What the server took in.</returns>
    public async Task<StartAnswer> StartAsync(BatchSubmission submission, InputStream lines, CancellationToken cancellationToken)
    {
        if (lines.KnownLength <= PartBytes)
        {
            return await StartAsync(submission, parts: 0, new StreamContent(lines, BufferSize), lines.KnownLength, cancellationToken);
        }

        byte[] part = new byte[PartBytes];
        int parts = 0;
        int length;
        while ((length = await lines.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            if (parts == 0 && length < part.Length)
            {
                return await StartAsync(submission, parts: 0, new ByteArrayContent(part, 0, length), length, cancellationToken);
            }

            await PutPartAsync(submission.Id, parts++, new ByteArrayContent(part, 0, length), cancellationToken);
        }

        return await StartAsync(submission, parts, new ByteArrayContent([]), length: 0, cancellationToken);
    }

    /// <summary>Asks whether the server responds.</summary>
    public Task<ApiHealth> GetHealthAsync(CancellationToken cancellationToken) =>
        http.GetJsonAsync(new Uri(server, "api/health"), ApiJson.Default.ApiHealth, cancellationToken);

    /// <summary>Gets a page of the list of batches.</summary>
    /// <param name="status">Which ones; null for all.</param>
    /// <param name="since">From when on they came, null for no bound.</param>
    /// <param name="until">Before when they came; null for no bound.</param>
    /// <param name="limit">How many at the most: 1 to 100.</param>
    /// <param name="after">The end of the page before; null for the first.</param>
    public async Task<BatchPage> ListAsync(
        BatchState? status, DateTimeOffset? since, DateTimeOffset? until, int limit, string? after, CancellationToken cancellationToken)
    {
        string state = status is null ? "" : $"&status={KebabCase.Of(status)}";
        var uri = new Uri(
            $"{batches}?limit={limit}{state}{Parameter("since", TextOf(since))}{Parameter("until", TextOf(until))}"
            + Parameter("after", after));
        var page = await http.GetJsonAsync(uri, ApiJson.Default.BatchPage, cancellationToken);

        // A page that leads to itself would be read for ever.
        return page.Batches is null || (page.Next is not null && page.Next == after) ? throw ServerHttp.NotRollcall(uri) : page;
    }

    /// <summary>Gets how a batch is.</summary>
    public Task<BatchStatus> GetStatusAsync(string id, CancellationToken cancellationToken) =>
        http.GetJsonAsync(At(id), ApiJson.Default.BatchStatus, cancellationToken);

    /// <summary>Has a batch changed: <c>cancel</c>, <c>pause</c>, <c>resume</c> or <c>redrive</c>.</summary>
    /// <param name="verb">What is to become of it, with a query where it takes one.</param>
    /// <returns>How the batch is then.</returns>
    public async Task<BatchStatus> PostAsync(string id, string verb, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At(id, $"/{verb}"));
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Changes the bounds of a batch.</summary>
    /// <param name="bounds">Those that change.</param>
    /// <returns>How the batch is then.</returns>
    public async Task<BatchStatus> PatchAsync(string id, JsonObject bounds, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Patch,
            At(id)) { Content = new StringContent(bounds.ToJsonString(), Encoding.UTF8, ServerHttp.JsonType) };
        return await ChangeAsync(request, cancellationToken);
    }

    /// <summary>Gets the receipt of a batch, where there is one.</summary>
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
    /// <returns>Whether all of it is gone; otherwise the server goes on.</returns>
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

    /// <summary>Reads results of a batch as they come.</summary>
    /// <param name="results">Which ones.</param>
    /// <param name="take">Takes a piece of them, which is good until it returns.</param>
    /// <returns>The index that they end before, where the server says so.</returns>
    public async Task<long?> ReadResultsAsync(
        ResultsRequest results, Func<ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At(results.Id, "/results" + results.ToQuery()));
        using var response = await http.CallAsync(
            token => http.SendAsync(request, results.MediaType, token),
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

    /// <summary>Asks for one result, to learn why those from there on did not come.</summary>
    /// <param name="results">Which results were asked for.</param>
    /// <returns>The end of the command, which says what is damaged; null where nothing is, or nobody answers.</returns>
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

    async Task<StartAnswer> StartAsync(
        BatchSubmission submission, int parts, HttpContent lines, long? length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(batches + submission.ToQuery(parts))) { Content = lines };
        lines.Headers.ContentType = new MediaTypeHeaderValue(LinesType);
        lines.Headers.ContentLength = length;

        // So that a server that refuses the batch can say so before all of it is sent.
        request.Headers.ExpectContinue = true;
        foreach (var (name, value) in submission.ToHeaders())
        {
            request.Headers.Add(name, value);
        }

        var answer = await http.CallAsync(
            token => http.ReadJsonAsync(request, ApiJson.Default.StartAnswer, token),
            Timeout.InfiniteTimeSpan,
            cancellationToken);
        return answer.Id == submission.Id ? answer : throw ServerHttp.NotRollcall(request.RequestUri!);
    }

    Task<HttpStatusCode> PutPartAsync(string id, int part, HttpContent content, CancellationToken cancellationToken) => http.CallAsync(
        async token =>
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Put,
                At(id, string.Create(CultureInfo.InvariantCulture, $"/input/{part}"))) { Content = content };
            request.Headers.ExpectContinue = true;
            return await http.SendAsync(request, token);
        },
        Timeout.InfiniteTimeSpan,
        cancellationToken);

    Task<BatchStatus> ChangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.CallAsync(
            token => http.ReadJsonAsync(request, ApiJson.Default.BatchStatus, token),
            ServerHttp.SilenceLimit,
            cancellationToken);

    Uri At(string id, string more = "") => new($"{batches}/{Uri.EscapeDataString(id)}{more}");

    static string? TextOf(DateTimeOffset? time) => time is { } known ? Rfc3339.Of(known) : null;

    static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}

/// <summary>A receipt from a server.</summary>
/// <param name="Bytes">As the server gave it.</param>
sealed record ServerReceipt(ReadOnlyMemory<byte> Bytes, Receipt Content);
