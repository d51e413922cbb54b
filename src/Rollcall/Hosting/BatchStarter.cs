using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Intake;
using Rollcall.Orchestration;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Hosting;

/// <summary>Takes batches in and has them run. The same request twice makes one batch, and a request that broke off is taken up again.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="catalog">Lists them.</param>
/// <param name="time">The clock.</param>
/// <param name="options">How much runs at once.</param>
public sealed class BatchStarter(IBatchStore store, IBatchCatalog catalog, TimeProvider time, RollcallOptions options)
{
    readonly BatchIntake intake = new(store, catalog, options.ItemsPerShard);
    readonly Reconciler reconciler = new(store, catalog, time, options);
    readonly BatchPurge purge = new(store, catalog, time);

    /// <summary>Starts a batch, unless it is started already.</summary>
    /// <param name="request">The batch. Its items are read once.</param>
    /// <param name="batchId">Its id.</param>
    /// <param name="scheduler">Schedules its orchestration.</param>
    /// <param name="cancellationToken">Stops the intake.</param>
    /// <returns>What was started, was there, or is in the way.</returns>
    /// <exception cref="InvalidInputException">The items have an error; the batch then does not exist.</exception>
    /// <exception cref="BatchDeletingException">A batch of that id is being deleted.</exception>
    public async Task<StartedBatch> StartAsync(BatchRequest request, string batchId, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (!await purge.IsFreeAsync(batchId, scheduler, cancellationToken))
        {
            throw new BatchDeletingException(batchId);
        }

        var manifest = await store.FindManifestAsync(batchId, cancellationToken);
        bool isNew = manifest is null;
        string contentSha256;
        if (manifest is null)
        {
            contentSha256 = (await intake.TakeAsync(batchId, request, time.GetUtcNow(), cancellationToken)).ContentSha256;

            // Where two callers were at it, the first manifest counts.
            manifest = await store.FindManifestAsync(batchId, cancellationToken)
                ?? throw new InvalidOperationException($"Batch '{batchId}' has no manifest right after its intake.");
        }
        else
        {
            contentSha256 = await BatchIntake.HashAsync(request.Items, cancellationToken);
        }

        if (FindDifference(manifest, request, contentSha256) is { } difference)
        {
            return new StartedBatch(manifest, StartResult.Conflict, difference);
        }

        if (isNew)
        {
            await scheduler.ScheduleAsync(BatchRun.Plan(manifest, BatchControl.Of(manifest), options.LiveItems), cancellationToken);
        }
        else
        {
            // A process may have ended between the manifest and the line above.
            await reconciler.ReconcileAsync(manifest, scheduler, cancellationToken);
        }

        return new StartedBatch(manifest, isNew ? StartResult.Started : StartResult.Existing, Difference: null);
    }

    static string? FindDifference(BatchManifest manifest, BatchRequest request, string contentSha256) =>
        manifest.ContentSha256 != contentSha256 ? "items"
        : manifest.Options != request.Options ? "options"
        : TextOf(manifest.Target) != TextOf(request.Target) ? "target"
        : null;

    static string TextOf(BatchTarget target) => JsonSerializer.Serialize(target, RollcallJson.Compact.BatchTarget);
}
