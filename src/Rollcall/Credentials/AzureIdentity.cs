using Azure.Core;
using Azure.Identity;

namespace Rollcall.Credentials;

/// <summary>
/// Takes tokens for the Azure identity of this process: in Azure the managed identity, on a developer's machine the one of its tools. See
/// https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains.
/// </summary>
/// <param name="scope">What the token is for, such as <c>api://x/.default</c>.</param>
sealed class AzureIdentity(string scope, TimeProvider time)
{
    readonly DefaultAzureCredential credential = new();

    /// <summary>Takes a token: see <see cref="TokenSource"/>.</summary>
    public async Task<Token> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            return new Token(token.Token, token.ExpiresOn - time.GetUtcNow());
        }
        catch (AuthenticationFailedException exception)
        {
            string reason = exception.Message.Split('\n')[0].TrimEnd('\r', '.');
            throw new TokenException($"The Azure identity has no token for {scope}: {reason}.")
            {
                IsLasting = exception is CredentialUnavailableException,
            };
        }
    }
}
