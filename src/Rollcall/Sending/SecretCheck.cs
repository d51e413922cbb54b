using Rollcall.Batches;
using Rollcall.Credentials;

namespace Rollcall.Sending;

/// <summary>Checks that this process has what an item's request names and may send it to its target.</summary>
/// <param name="secrets">Finds the values of secret headers.</param>
/// <param name="tokens">The bearer tokens; null if no batch has any.</param>
sealed class SecretCheck(SecretLookup secrets, TokenCaches? tokens)
{
    /// <summary>Says what is missing.</summary>
    /// <returns>One or two sentences; null if nothing is.</returns>
    public string? FindError(Posting posting)
    {
        if (posting.Batch.Target.Auth is { } auth && tokens?.FindRefusal(auth, posting.Url) is { } refusal)
        {
            return refusal;
        }

        foreach (var (name, header) in posting.Batch.Target.Headers)
        {
            if (header.Secret is not { } secret)
            {
                continue;
            }

            if (secrets(secret, posting.Url) is not { } value)
            {
                return $"The process that sends has no secret '{secret}', which a header names, that may go to the target.";
            }

            if (BatchTarget.FindHeaderError(name, value) is { } error)
            {
                return $"The secret '{secret}' cannot be sent. {error}";
            }
        }

        return null;
    }
}
