using Rollcall.Control;
using Rollcall.Storage;

namespace Rollcall.Batches;

/// <summary>That a batch has ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="At">When: its receipt or its failure says so.</param>
public sealed record BatchEnd(EndKind Kind, DateTimeOffset At)
{
    /// <summary>How a batch ended that was sealed.</summary>
    /// <param name="stop">Why items were left unsent; null where none were.</param>
    /// <returns>The kind.</returns>
    public static EndKind KindOf(BatchStop? stop) => stop?.Kind switch
    {
        null => EndKind.Completed,
        StopKind.Cancelled => EndKind.Cancelled,
        StopKind.Expired => EndKind.Expired,
        _ => EndKind.Failed,
    };

    /// <summary>Reads how the newest run of a batch ended.</summary>
    /// <param name="store">Where the batch is.</param>
    /// <param name="manifest">The batch.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Its end, or null where it goes on.</returns>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<BatchEnd?> FindAsync(IBatchStore store, BatchManifest manifest, CancellationToken cancellationToken)
    {
        int run = (await store.FindControlAsync(manifest.Id, cancellationToken))?.Run ?? 1;
        if (await store.FindReceiptAsync(manifest.Id, run, cancellationToken) is { } receipt)
        {
            return new BatchEnd(KindOf(receipt.Stop), receipt.SealedAt);
        }

        return await store.FindFailureAsync(manifest.Id, run, cancellationToken) is { } failure ? new BatchEnd(EndKind.Failed, failure.FailedAt) : null;
    }
}
