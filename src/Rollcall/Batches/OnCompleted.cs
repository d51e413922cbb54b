namespace Rollcall.Batches;

/// <summary>Who is notified when a batch is sealed. At least one of the two is set.</summary>
public sealed record OnCompleted
{
    /// <summary>The URL that a notice is POSTed to; null for none.</summary>
    public CompletionWebhook? Webhook { get; init; }

    /// <summary>The queue in the app's own storage account that gets a message: 3 to 63 of a-z 0-9 -; null for none.</summary>
    public string? Queue { get; init; }
}

/// <summary>A URL that gets a request, signed as in Standard Webhooks 1.0, when a batch is sealed.</summary>
/// <param name="Url">An absolute http or https URL.</param>
/// <param name="Secret">
/// The name of the host's webhook key that signs the requests. The key's value is <c>whsec_</c> followed by 24 to 64 bytes in base64. If
/// null, the requests are not signed.
/// </param>
public sealed record CompletionWebhook(string Url, string? Secret = null);
