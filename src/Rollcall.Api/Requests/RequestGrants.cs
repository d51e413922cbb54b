using Rollcall.Api.Grants;
using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Validation;

namespace Rollcall.Api.Requests;

/// <summary>The host's resources that a batch request may name. Nothing else is allowed, however a batch arrives.</summary>
public sealed record RequestGrants
{
    /// <summary>The host's secrets.</summary>
    public HostSecrets Secrets { get; init; } = HostSecrets.None;

    /// <summary>The host's storage; null if it has none, and so neither blobs nor queues.</summary>
    public StorageGrants? Storage { get; init; }

    /// <summary>Says what is wrong with the name of a header's secret, if there is one.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    internal string? FindSecretError(string? name, string url) => FindError("secret", Secrets.FindHeaderValue, name, url);

    /// <summary>Says what is wrong with where the bearer token of a target comes from.</summary>
    /// <param name="url">The URL that the token would be sent to.</param>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    internal string? FindAuthError(TargetAuth? auth, string url) => auth switch
    {
        { Type: AuthType.ClientCredentials, ClientSecret: { } secret, TokenUrl: { } tokenUrl } =>
            FindSecretError(secret, tokenUrl) ?? FindSecretError(secret, url),
        { Type: AuthType.Azure, Scope: { } scope } when BatchTarget.FindUrlError(url) is null && new Uri(url) is var to
            && !Secrets.MayHaveToken(scope, to) => RequestTarget.Refusal(
                "The server's setting Rollcall__AzureScopes has no such scope whose token may go to "
                + $"{to.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}."),
        _ => null,
    };

    /// <summary>Says what is wrong with the name of a certificate's text, if there is one.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    internal string? FindCertificateError(string? name, string url) => FindError("certificate text", Secrets.FindCertificate, name, url);

    /// <summary>Says what is wrong with the name of a webhook's key, if there is one.</summary>
    /// <returns>See <see cref="InputError.Message"/>; null if nothing is.</returns>
    internal string? FindKeyError(string? name, string url) => FindError("webhook key", Secrets.FindWebhookKey, name, url);

    // The message is the same whether there is no such secret or only one for other origins, so that names cannot be guessed. An invalid
    // URL and an invalid name are reported already; the latter is never repeated.
    static string? FindError(string kind, SecretLookup find, string? name, string url) =>
        name is not null
            && SecretName.FindError(name) is null
            && BatchTarget.FindUrlError(url) is null
            && new Uri(url) is var to
            && find(name, to) is null
            ? RequestTarget.Refusal(
                $"The server has no {kind} '{name}'. One that may go to "
                + $"{to.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} is needed.")
            : null;
}
