using System.Runtime.CompilerServices;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Deletes what intakes have stored that broke off before there was a batch: their process ended, or their caller went away. What they were
/// to be of does not exist, and may be started anew at any time.
/// </summary>
/// <param name="store">Where the items are.</param>
sealed class BrokenIntakes(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    // An intake that is slow looks like one that broke off, and finds out before it makes a batch of what is gone.
    static readonly TimeSpan IntakeLimit = TimeSpan.FromDays(7);

    /// <summary>Deletes it.</summary>
    /// <returns>The batches that the intakes were of, as it is done.</returns>
    public async IAsyncEnumerable<ReconciledBatch> DiscardAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var intake in catalog.ListIntakesAsync(time.GetUtcNow() - IntakeLimit, cancellationToken))
        {
            if (await TryDiscardAsync(intake, cancellationToken) is { } discarded)
            {
                yield return discarded;
            }
        }
    }

    async Task<ReconciledBatch?> TryDiscardAsync(IntakeEntry intake, CancellationToken cancellationToken)
    {
        // The note goes first: an intake that still goes on must not take its items for stored.
        await catalog.EndIntakeAsync(intake, cancellationToken);
        try
        {
            if ((await store.FindManifestAsync(intake.BatchId, cancellationToken))?.ItemsName == intake.ItemsName)
            {
                return null;
            }

            await store.DeleteItemsAsync(intake.BatchId, intake.ItemsName, cancellationToken);
            return new ReconciledBatch(
                intake.BatchId,
                ReconcileAction.Discarded,
                $"it began at {intake.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.");
        }
        catch (Exception exception) when (exception is IOException or DamagedBatchException)
        {
            // For the next pass, which finds the items where they are.
            await catalog.BeginIntakeAsync(intake, CancellationToken.None);
            return new ReconciledBatch(intake.BatchId, ReconcileAction.Skipped, exception.Message);
        }
    }
}
