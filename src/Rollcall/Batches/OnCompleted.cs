namespace Rollcall.Batches;

/// <summary>Who is told when a batch is sealed. At least one of the two is set.</summary>
public sealed record OnCompleted
{
    /// <summary>The URL that a notice is POSTed to; null for none.</summary>
    public CompletionWebhook? Webhook { get; init; }

    /// <summary>The storage queue that gets a message, in the app's own storage account: 3 to 63 of a-z 0-9 -; null for none.</summary>
    public string? Queue { get; init; }
}
