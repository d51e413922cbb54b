using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Cli.Terminal;
using Rollcall.Sending;

namespace Rollcall.Cli.Client;

/// <summary>
/// Sends requests to a Rollcall server. Whatever goes wrong is a <see cref="ServerException"/>.
/// </summary>
sealed class ServerHttp : IDisposable
{
    public const string JsonType = "application/json";

    const string KeyHeader = "x-functions-key";

    // For an answer to begin, and between two pieces of one.
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(100);

    static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    readonly string server;
    readonly bool hasKey;
    readonly HttpClient http;

    /// <summary>Makes a client.</summary>
    /// <param name="key">Its key; null where it needs none.</param>
    public ServerHttp(Uri server, string? key)
    {
        this.server = server.ToString().TrimEnd('/');
        hasKey = key is not null;

        // A redirect is not followed: the key would go to wherever it leads.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            AutomaticDecompression = DecompressionMethods.GZip,
        };
        new EnvironmentProxy().Use(handler);
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(KeyHeader, key);
        }
    }

    /// <summary>Gets something that the server answers as JSON.</summary>
    public async Task<T> GetJsonAsync<T>(Uri uri, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await CallAsync(token => ReadJsonAsync(request, type, token), SilenceLimit, cancellationToken);
    }

    /// <summary>Sends a request whose answer is JSON.</summary>
    public async Task<T> ReadJsonAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => Parse(await ReadAsync(request, cancellationToken), type, request.RequestUri!);

    /// <summary>Sends a request and reads the bytes of its answer, which is JSON.</summary>
    public async Task<byte[]> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, JsonType, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="mediaType">What a Rollcall server answers it with.</param>
    /// <returns>The answer, which is a success, at the start of its body.</returns>
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

    /// <summary>Sends a request whose answer has nothing but its status.</summary>
    /// <returns>The status, which is a success.</returns>
    public async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? response.StatusCode
            : throw await ServerProblem.ReadAsync(response, hasKey, cancellationToken);
    }

    /// <summary>Calls the server, and says in one line what went wrong on the way.</summary>
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
            throw Passing($"{server} cannot be reached: {Innermost(exception)}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            throw Passing($"The connection to {server} broke off: {Innermost(exception)}");
        }
        catch (JsonException exception)
        {
            throw Passing($"{server} does not answer as a Rollcall server does: {Sentence.Of(exception.Message)} Check --server.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Passing(silence.IsCancellationRequested
                ? $"{server} was silent for {limit.TotalSeconds} seconds."
                : $"{server} cannot be reached: no connection within {ConnectLimit.TotalSeconds} seconds.");
        }
    }

    /// <summary>Reads JSON of the server.</summary>
    public static T Parse<T>(byte[] json, JsonTypeInfo<T> type, Uri uri)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw NotRollcall(uri);

    /// <summary>The end of the command where something else answers.</summary>
    public static ServerException NotRollcall(Uri uri) =>
        Passing($"{uri.GetLeftPart(UriPartial.Path)} does not answer as a Rollcall server does. Check --server.");

    public void Dispose() => http.Dispose();

    static ServerException Passing(string message) => new(message) { MayPass = true };

    static string Innermost(Exception exception)
    {
        string message = exception.GetBaseException().Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
