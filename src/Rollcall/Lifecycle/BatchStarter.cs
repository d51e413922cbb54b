using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;
using Rollcall.Validation;

namespace Rollcall.Lifecycle;

/// <summary>
/// Accepts batches and starts them. Sending the same request twice makes one batch, and repeating an interrupted request completes it.
/// </summary>
/// <param name="store">Where the batches are stored.</param>
/// <param name="options">How much runs at once.</param>
/// <param name="limit">How long the host lets an activity run; null for no limit.</param>
/// <param name="telemetry">Records accepted batches.</param>
public sealed class BatchStarter(
    IBatchStore store,
    IBatchCatalog catalog,
    TimeProvider time,
    RollcallOptions options,
    ActivityLimit? limit = null,
    BatchTelemetry? telemetry = null)
{
    readonly BatchIntake intake = new(store, catalog, options.ItemsPerShard, telemetry);
    readonly Reconciler reconciler = new(store, catalog, time, options, telemetry);
    readonly BatchPurge purge = new(store, catalog, time);
    readonly BatchFinder finder = new(store, catalog);

    /// <summary>Starts a batch, unless it is started already.</summary>
    /// <param name="request">The batch. Its items are read once.</param>
    /// <returns>The batch that was started, that existed already, or that is in the way.</returns>
    /// <exception cref="InvalidInputException">
    /// The items have an error, or the host's time limit is too short for an attempt; the batch then does not exist.
    /// </exception>
    /// <exception cref="BatchDeletingException">A batch with this id is being deleted.</exception>
    public async Task<StartedBatch> StartAsync(
        BatchRequest request, string batchId, IBatchScheduler scheduler, CancellationToken cancellationToken)
    {
        if (!await purge.IsFreeAsync(batchId, scheduler, cancellationToken))
        {
            throw new BatchDeletingException(batchId);
        }

        var manifest = await finder.FindAsync(batchId, scheduler, cancellationToken);
        bool isNew = manifest is null;
        string contentSha256;
        long itemCount;
        if (manifest is null)
        {
            if (limit?.FindError(request.Options.TimeoutSeconds) is { } error)
            {
                throw new InvalidInputException(request.ErrorOf("timeoutSeconds", error));
            }

            var taken = await intake.TakeAsync(batchId, request, time.GetUtcNow(), cancellationToken);
            (contentSha256, itemCount) = (taken.ContentSha256, taken.ItemCount);
        }
        else
        {
            (contentSha256, itemCount) = await BatchIntake.MeasureAsync(request.Items, cancellationToken);
        }

        // The steps that follow must not run between the steps of a deletion: an orchestration that nobody removes would get in the way of
        // the next batch with this id.
        using var turn = await catalog.EnterAsync(batchId, cancellationToken);
        if (!await purge.IsFreeAsync(batchId, scheduler, cancellationToken)
            || await store.FindManifestAsync(batchId, cancellationToken) is not { } current
            || (!isNew && current.CreatedAt != manifest!.CreatedAt))
        {
            throw new BatchDeletingException(batchId);
        }

        // If two callers started it at once, the first manifest counts.
        manifest = current;
        if (BatchDifference.Find(manifest, request, contentSha256, itemCount) is { Count: > 0 } differences)
        {
            return new StartedBatch(manifest, StartResult.Conflict, differences);
        }

        if (isNew)
        {
            await scheduler.ScheduleAsync(BatchPlan.Of(manifest, BatchControl.Of(manifest), options.LiveItems), cancellationToken);
        }
        else
        {
            // A process may have ended between the manifest and the line above; or the batch was damaged, closed, and is intact again.
            if ((await reconciler.ReconcileAsync(manifest, scheduler, cancellationToken)).Found is not null)
            {
                await catalog.AddAsync(manifest.Id, manifest.CreatedAt, cancellationToken);
            }
        }

        return new StartedBatch(manifest, isNew ? StartResult.Started : StartResult.Existing, []);
    }
}
