using System.Net;
using Duende.IdentityModel.Client;
using Rollcall.Batches;
using Rollcall.Validation;

namespace Rollcall.Credentials;

/// <summary>Takes tokens from a token endpoint: the client credentials grant of OAuth 2 (RFC 6749, section 4.4).</summary>
/// <param name="client">The HTTP client, which holds the address rules for the endpoint as for every target.</param>
/// <param name="findSecret">Finds the client's secret at each request, so that a new one is used at once.</param>
sealed class ClientCredentials(HttpClient client, TargetAuth auth, Func<string?> findSecret)
{
    // RFC 6749, section 5.2: the request is wrong, so the next one would be too.
    static readonly string[] Lasting = [
        "invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client", "unsupported_grant_type"];

    readonly string shownUrl = ShownUrl.Of(auth.TokenUrl!);

    /// <summary>Takes a token: see <see cref="TokenSource"/>.</summary>
    public async Task<Token> TakeAsync(CancellationToken cancellationToken)
    {
        using var request = new ClientCredentialsTokenRequest
        {
            Address = auth.TokenUrl,
            ClientId = auth.ClientId!,
            ClientSecret = findSecret() ?? throw Refused($"the process that sends has no secret '{auth.ClientSecret}' that may go to it"),
            ClientCredentialStyle = auth.ClientAuth == ClientAuth.Body
                ? ClientCredentialStyle.PostBody
                : ClientCredentialStyle.AuthorizationHeader,
            Scope = auth.Scope,
        };
        var response = await client.RequestClientCredentialsTokenAsync(request, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (response.IsError)
        {
            throw ErrorOf(response);
        }

        if (response.AccessToken is not { Length: > 0 } token || BatchTarget.FindHeaderError("Authorization", token) is not null)
        {
            throw Refused("its response has no access_token that can be sent in a header");
        }

        // RFC 6749, section 7.1: a token of an unknown type must not be used.
        return response.TokenType is null || response.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? new Token(token, response.ExpiresIn > 0 ? TimeSpan.FromSeconds(response.ExpiresIn) : null)
            : throw Refused($"its token is of the type '{ShortText.Of(response.TokenType)}', and not a bearer token");
    }

    // RFC 6749, section 5.2: an error is a 400, or a 401 for a client that is not known.
    TokenException ErrorOf(TokenResponse response)
    {
        if (response.Exception is { } exception)
        {
            return new TokenException(Sentence(exception.GetBaseException().Message.TrimEnd('.')));
        }

        string? error = response.TryGet("error");
        string detail = response.TryGet("error_description") is { Length: > 0 } text ? $": {ShortText.Of(text).TrimEnd('.')}" : "";
        bool isRefused = response.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        return new TokenException(Sentence(error is null
            ? $"it responded {(int)response.HttpStatusCode} {response.HttpErrorReason}".TrimEnd()
            : $"it responded {ShortText.Of(error)}{detail}"))
        { IsLasting = isRefused || Lasting.Contains(error) };
    }

    TokenException Refused(string reason) => new(Sentence(reason)) { IsLasting = true };

    string Sentence(string reason) => $"There is no token from {shownUrl}: {reason}.";
}
