using System.Runtime.CompilerServices;
using Rollcall.Storage;

namespace Rollcall.Lifecycle;

/// <summary>
/// Deletes what interrupted intakes have stored: their process ended, or their caller went away, before there was a batch. The batches do
/// not exist, and may be started again at any time.
/// </summary>
/// <param name="store">Where the items are stored.</param>
sealed class BrokenIntakes(IBatchStore store, IBatchCatalog catalog, TimeProvider time)
{
    // A slow intake looks like an interrupted one. It finds out before it makes a batch from items that are gone.
    static readonly TimeSpan IntakeLimit = TimeSpan.FromDays(7);

    /// <summary>Deletes the stored items of interrupted intakes.</summary>
    /// <returns>The batches that the intakes were for, as their items are deleted.</returns>
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
        // The note is removed first: an intake that is still running must not believe that its items are stored.
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
            // For the next pass, which deletes the items that are left.
            await catalog.BeginIntakeAsync(intake, CancellationToken.None);
            return new ReconciledBatch(intake.BatchId, ReconcileAction.Skipped, exception.Message);
        }
    }
}
