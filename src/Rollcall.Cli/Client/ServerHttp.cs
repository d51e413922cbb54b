using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Cli.Terminal;
using Rollcall.Sending;

namespace Rollcall.Cli.Client;

/// <summary>
/// Sends requests to a Rollcall server. Every failure is a <see cref="ServerException"/>.
/// </summary>
sealed class ServerHttp : IDisposable
{
    public const string JsonType = "application/json";

    const string KeyHeader = "x-functions-key";

    // Until a response begins, and between two pieces of it.
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(100);

    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    readonly string server;
    readonly bool hasKey;
    readonly HttpClient http;

    /// <summary>Creates a client.</summary>
    /// <param name="key">The server's key; null if it needs none.</param>
    public ServerHttp(Uri server, string? key)
    {
        this.server = server.ToString().TrimEnd('/');
        hasKey = key is not null;

        // Redirects are not followed, because the key would go wherever they lead.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            AutomaticDecompression = DecompressionMethods.GZip,
        };
        new ProxyChoice().Use(handler);
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyHeader, key);
        }
    }

    /// <summary>Gets a JSON response.</summary>
    public async Task<T> GetJsonAsync<T>(Uri uri, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await CallAsync(token => ReadJsonAsync(request, type, token), SilenceLimit, cancellationToken);
    }

    /// <summary>Sends a request and parses its JSON response.</summary>
    public async Task<T> ReadJsonAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => Parse(await ReadAsync(request, cancellationToken), type, request.RequestUri!);

    /// <summary>Sends a request and reads the bytes of its JSON response.</summary>
    public async Task<byte[]> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, JsonType, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="mediaType">The type of a Rollcall server's response.</param>
    /// <returns>A successful response, at the start of its body.</returns>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string mediaType, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == mediaType)
        {
            return response;
        }

        using (response)
        {
            throw response.IsSuccessStatusCode
                ? NotRollcall(request.RequestUri!)
                : await ServerProblem.ReadAsync(response, hasKey, cancellationToken);
        }
    }

    /// <summary>Sends a request whose response has only a status.</summary>
    /// <returns>A success status.</returns>
    public async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? response.StatusCode
            : throw await ServerProblem.ReadAsync(response, hasKey, cancellationToken);
    }

    /// <summary>Calls the server, and describes a failure of the connection in one line.</summary>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(limit);
        try
        {
            return await call(silence.Token);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError)
        {
            throw Transient($"{server} cannot be reached: {Innermost(exception)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            throw Transient($"The connection to {server} broke: {Innermost(exception)}");
        }
        catch (JsonException exception)
        {
            throw Transient($"{server} does not respond like a Rollcall server: {Sentence.Of(exception.Message)} Check --server.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Transient(silence.IsCancellationRequested
                ? $"{server} sent nothing for {limit.TotalSeconds} seconds."
                : $"{server} cannot be reached: no connection within {ConnectLimit.TotalSeconds} seconds.");
        }
    }

    /// <summary>Parses JSON from the server.</summary>
    public static T Parse<T>(byte[] json, JsonTypeInfo<T> type, Uri uri)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw NotRollcall(uri);

    /// <summary>The failure if something other than a Rollcall server responds.</summary>
    public static ServerException NotRollcall(Uri uri) =>
        Transient($"{uri.GetLeftPart(UriPartial.Path)} does not respond like a Rollcall server. Check --server.");

    public void Dispose() => http.Dispose();

    static ServerException Transient(string message) => new(message) { IsTransient = true };

    static string Innermost(Exception exception)
    {
        string message = exception.GetBaseException().Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
