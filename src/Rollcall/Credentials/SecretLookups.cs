using Rollcall.Batches;

namespace Rollcall.Credentials;

/// <summary>Finds the value of a secret that a batch names.</summary>
/// <param name="url">The URL that the value would be sent to.</param>
/// <returns>The value, or null if this process has no such secret, or has it for other origins only.</returns>
public delegate string? SecretLookup(string name, Uri url);

/// <summary>Whether the token of this process's Azure identity may be sent to a URL.</summary>
/// <param name="scope">What the token is for.</param>
public delegate bool ScopeCheck(string scope, Uri url);

/// <summary>The secrets of a host, each kind for its own use.</summary>
/// <param name="OfHeaders">Finds the values of secret headers, and the secrets of clients.</param>
/// <param name="OfWebhooks">Finds the keys that sign notices.</param>
/// <param name="MayHaveToken">Decides who gets tokens of the host's Azure identity.</param>
public sealed record SecretLookups(SecretLookup OfHeaders, SecretLookup OfWebhooks, ScopeCheck MayHaveToken)
{
    /// <summary>
    /// Says why a token may not be sent to a URL. It would be of no use to bind a client's secret to origins if anybody could have a token
    /// that was taken with it sent anywhere: it may go only where the secret itself may.
    /// </summary>
    /// <returns>A sentence; null if it may.</returns>
    public string? FindTokenError(TargetAuth auth, Uri url) => auth switch
    {
        { Type: AuthType.ClientCredentials, ClientSecret: { } secret } when OfHeaders(secret, url) is null =>
            $"The process that sends has no secret '{secret}', which takes the token, that may go to the target.",
        { Type: AuthType.Azure, Scope: { } scope } when !MayHaveToken(scope, url) =>
            "The process that sends may give no token of that scope to the target.",
        _ => null,
    };
}
