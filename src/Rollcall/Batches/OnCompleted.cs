namespace Rollcall.Batches;

/// <summary>Who is told when a batch is sealed. At least one of the two is set.</summary>
public sealed record OnCompleted
{
    /// <summary>The URL that a notice is POSTed to; null for none.</summary>
    public CompletionWebhook? Webhook { get; init; }

    /// <summary>The storage queue that gets a message, in the app's own storage account: 3 to 63 of a-z 0-9 -; null for none.</summary>
    public string? Queue { get; init; }
}

/// <summary>A URL that is told when a batch is sealed, by a request that is signed as Standard Webhooks 1.0 says.</summary>
/// <param name="Url">An absolute http or https URL.</param>
/// <param name="Secret">
/// The name of the host's webhook key that signs the requests: its value is <c>whsec_</c> and 24 to 64 bytes in base64. Null for none: the
/// requests are then not signed.
/// </param>
public sealed record CompletionWebhook(string Url, string? Secret = null);
