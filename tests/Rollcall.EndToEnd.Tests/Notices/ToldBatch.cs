using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Notices;

/// <summary>A batch whose end a webhook is to be told of, as an intake stores it.</summary>
static class ToldBatch
{
    public const string Id = "told";
    public const int Items = 20;
    public const string SecretName = "NOTICES";
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static Task<BatchManifest> TakeInAsync(FileBatchStore store, FileBatchCatalog? catalog, string target, string? webhook)
    {
        var request = new BatchRequest(
            Id,
            new BatchTarget(target, new Dictionary<string, TargetHeader>()),
            new BatchOptions(),
            Enumerable.Range(0, Items).Select(i => new BatchItem(null, new byte[] { (byte)'1' })).ToAsyncEnumerable())
        {
            OnCompleted = webhook is null ? null : new OnCompleted { Webhook = new CompletionWebhook(webhook, SecretName) },
        };
        return new BatchIntake(store, catalog).TakeAsync(Id, request, DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
    }
}
