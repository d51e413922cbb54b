using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Rollcall.Targets;

/// <summary>A token endpoint of OAuth 2, and the guard of a target that accepts its tokens, each for a number of requests.</summary>
/// <param name="uses">How many requests a token is accepted for.</param>
/// <param name="expiresIn">What the endpoint says of a token's life, in seconds; null for nothing.</param>
public sealed class TokenServer(int uses, int? expiresIn = null) : IAsyncDisposable
{
    /// <summary>The client that gets tokens.</summary>
    public const string ClientId = "client-1";

    /// <summary>Its secret, which has characters that a form and a header encode.</summary>
    public const string Secret = "s3cret+/=&:ü";

    readonly ConcurrentDictionary<string, int> left = new(StringComparer.Ordinal);
    Target? endpoint;
    int taken;

    /// <summary>The address of the token endpoint.</summary>
    public string Url => Endpoint.Url + "token";

    /// <summary>How many tokens were taken.</summary>
    public int Taken => Volatile.Read(ref taken);

    /// <summary>The tokens that were taken.</summary>
    public IEnumerable<string> Tokens => left.Keys;

    /// <summary>The requests for tokens.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => Endpoint.Requests;

    Target Endpoint => endpoint ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>Starts the endpoint.</summary>
    public TokenServer Start()
    {
        endpoint = Target.Start((request, connection) => Take(request)(request, connection));
        return this;
    }

    /// <summary>Responds as another behaviour does, to requests with a token that is still accepted; 401 to all others.</summary>
    /// <param name="response">The response.</param>
    public Behaviour Guard(Behaviour response) => (request, connection) =>
        (MayPass(request) ? response : Responses.With(401, "no", "WWW-Authenticate: Bearer error=\"invalid_token\""))(request, connection);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (endpoint is not null)
        {
            await endpoint.DisposeAsync();
        }
    }

    Behaviour Take(ReceivedRequest request)
    {
        if (!IsClient(request))
        {
            return Responses.With(
                401,
                """{"error":"invalid_client","error_description":"no such client"}""",
                "Content-Type: application/json");
        }

        string token = string.Create(CultureInfo.InvariantCulture, $"token-{Interlocked.Increment(ref taken)}-{Guid.NewGuid():N}");
        left[token] = uses;
        string life = expiresIn is { } seconds ? string.Create(CultureInfo.InvariantCulture, $",\"expires_in\":{seconds}") : "";
        return Responses.With(200, $$"""{"access_token":"{{token}}","token_type":"Bearer"{{life}}}""", "Content-Type: application/json");
    }

    bool MayPass(ReceivedRequest request) => Accepts(request.Headers.GetValueOrDefault("Authorization", ""));

    /// <summary>Whether a value of <c>Authorization</c> has a token that is still accepted, which this request then counts for.</summary>
    public bool Accepts(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.Ordinal)
        && authorization["Bearer ".Length..] is var token
        && left.ContainsKey(token)
        && left.AddOrUpdate(token, 0, (_, before) => before - 1) >= 0;

    // RFC 6749, section 2.3.1: both are form-encoded ahead of the encoding of the header.
    static bool IsClient(ReceivedRequest request)
    {
        string body = Encoding.UTF8.GetString(request.Body.Span);
        string encoded = $"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(Secret)}";
        string basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(encoded))}";
        bool isProven = request.Headers.GetValueOrDefault("Authorization") == basic
            || (body.Contains($"client_id={ClientId}", StringComparison.Ordinal)
                && body.Contains($"client_secret={Uri.EscapeDataString(Secret)}", StringComparison.Ordinal));
        return isProven && body.Contains("grant_type=client_credentials", StringComparison.Ordinal);
    }
}
