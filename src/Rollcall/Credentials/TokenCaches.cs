using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Credentials;

/// <summary>The tokens of this process, by where they come from.</summary>
/// <param name="client">The HTTP client for token endpoints.</param>
/// <param name="secrets">Finds the secrets of clients.</param>
/// <param name="command">Takes tokens by a command; null on a host that runs none.</param>
public sealed class TokenCaches(HttpClient client, SecretLookups secrets, TimeProvider time, TokenSource? command = null)
{
    readonly RecentEntries<TargetAuth, TokenCache> caches = new();

    /// <summary>The token for a request of an item.</summary>
    /// <param name="refused">A token that the target has refused, so that another is needed; null if there is none.</param>
    /// <returns>The token; null if the target needs none.</returns>
    /// <exception cref="TokenException">There is none.</exception>
    internal ValueTask<Token?> FindAsync(BatchTarget target, Token? refused, CancellationToken cancellationToken) =>
        target.Auth is { } auth ? new(CacheOf(auth).GetAsync(refused, cancellationToken)!) : default;

    /// <summary>Says why the token of a target may not be sent to a URL.</summary>
    /// <returns>A sentence; null if it may.</returns>
    internal string? FindRefusal(TargetAuth auth, Uri url) => secrets.FindTokenError(auth, url);

    TokenCache CacheOf(TargetAuth auth) => caches.Find(auth) ?? caches.Keep(auth, new TokenCache(SourceOf(auth), time), there => there);

    TokenSource SourceOf(TargetAuth auth) => auth.Type switch
    {
        AuthType.ClientCredentials =>
            new ClientCredentials(client, auth, () => secrets.OfHeaders(auth.ClientSecret!, new Uri(auth.TokenUrl!))).TakeAsync,
        AuthType.Azure => new AzureIdentity(auth.Scope!, time).TakeAsync,
        _ => command ?? throw new TokenException("This host runs no commands, so it has no token.") { IsLasting = true },
    };
}
