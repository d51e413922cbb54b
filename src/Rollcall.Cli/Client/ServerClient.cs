using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Api;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Client;

/// <summary>
/// Speaks to a Rollcall server. Whatever goes wrong is a <see cref="CliException"/>: with <see cref="ExitCode.Usage"/> where asking again
/// would not help, and with <see cref="ExitCode.NotFinished"/> where it may.
/// </summary>
sealed class ServerClient : IDisposable
{
    const string KeyHeader = "x-functions-key";
    const string LinesType = "application/x-ndjson";
    const string JsonType = "application/json";
    const int BufferSize = 128 * 1024;

    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    // For an answer to begin, and between two pieces of one.
    static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(100);

    readonly string server;
    readonly Uri batches;
    readonly bool hasKey;
    readonly HttpClient http;

    /// <summary>Makes a client.</summary>
    /// <param name="server">The server's URL, with a slash at the end.</param>
    /// <param name="key">Its key; null where it needs none.</param>
    public ServerClient(Uri server, string? key)
    {
        this.server = server.ToString().TrimEnd('/');
        batches = new Uri(server, "api/batches");
        hasKey = key is not null;

        // A redirect is not followed: the key would go to wherever it leads.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectLimit };
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyHeader, key);
        }
    }

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

        var answer = await CallAsync(token => ReadJsonAsync(request, ApiJson.Default.StartAnswer, token), Timeout.InfiniteTimeSpan, cancellationToken);
        return answer.Id == submission.Id ? answer : throw NotRollcall(request.RequestUri!);
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
        var page = await GetJsonAsync(uri, ApiJson.Default.BatchPage, cancellationToken);

        // A page that leads to itself would be read for ever.
        return page.Batches is null || (page.Next is not null && page.Next == after) ? throw NotRollcall(uri) : page;
    }

    /// <summary>Gets how a batch is.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<BatchStatus> GetStatusAsync(string id, CancellationToken cancellationToken) =>
        GetJsonAsync(At(id), ApiJson.Default.BatchStatus, cancellationToken);

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
        using var request = new HttpRequestMessage(HttpMethod.Patch, At(id)) { Content = new StringContent(bounds.ToJsonString(), Encoding.UTF8, JsonType) };
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
        var receipt = await CallAsync(
            async token =>
            {
                byte[] bytes = await ReadAsync(request, token);
                return new ServerReceipt(bytes, Parse(bytes, RollcallJson.Compact.Receipt, uri));
            },
            SilenceLimit,
            cancellationToken);
        return receipt.Content.BatchId == id ? receipt : throw NotRollcall(uri);
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
        using var response = await CallAsync(token => SendAsync(request, LinesType, token), SilenceLimit, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferSize];
        int length;
        while ((length = await CallAsync(token => body.ReadAsync(buffer, token).AsTask(), SilenceLimit, cancellationToken)) > 0)
        {
            yield return buffer.AsMemory(0, length);
        }
    }

    public void Dispose() => http.Dispose();

    async Task<T> GetJsonAsync<T>(Uri uri, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await CallAsync(token => ReadJsonAsync(request, type, token), SilenceLimit, cancellationToken);
    }

    Task<BatchStatus> ChangeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        CallAsync(token => ReadJsonAsync(request, ApiJson.Default.BatchStatus, token), SilenceLimit, cancellationToken);

    async Task<T> ReadJsonAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => Parse(await ReadAsync(request, cancellationToken), type, request.RequestUri!);

    async Task<byte[]> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, JsonType, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string mediaType, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == mediaType)
        {
            return response;
        }

        using (response)
        {
            throw response.IsSuccessStatusCode ? NotRollcall(request.RequestUri!) : await ServerProblem.ReadAsync(response, hasKey, cancellationToken);
        }
    }

    /// <summary>Calls the server, and says in one line what went wrong on the way.</summary>
    async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(limit);
        try
        {
            return await call(silence.Token);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            throw CliException.NotFinished($"{server} cannot be reached: {Innermost(exception)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw CliException.NotFinished($"The connection to {server} broke off: {Innermost(exception)}");
        }
        catch (JsonException exception)
        {
            throw CliException.NotFinished($"{server} does not answer as a Rollcall server does: {exception.Message} Check --server.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CliException.NotFinished(silence.IsCancellationRequested
                ? $"{server} was silent for {limit.TotalSeconds} seconds."
                : $"{server} cannot be reached: no connection within {ConnectLimit.TotalSeconds} seconds.");
        }
    }

    Uri At(string id, string more = "") => new($"{batches}/{Uri.EscapeDataString(id)}{more}");

    static T Parse<T>(byte[] json, JsonTypeInfo<T> type, Uri uri)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw NotRollcall(uri);

    static CliException NotRollcall(Uri uri) =>
        CliException.NotFinished($"{uri.GetLeftPart(UriPartial.Path)} does not answer as a Rollcall server does. Check --server.");

    static string Innermost(Exception exception)
    {
        string message = exception.GetBaseException().Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
