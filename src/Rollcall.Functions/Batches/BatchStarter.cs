using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using Rollcall.Batches;
using Rollcall.Intake;
using Rollcall.Orchestration;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Functions.Batches;

/// <summary>Takes batches in and has them run. The same request twice makes one batch, and a request that broke off is taken up again.</summary>
/// <param name="store">Where the batches are.</param>
/// <param name="intake">Takes new ones in.</param>
/// <param name="options">How much runs at once.</param>
sealed class BatchStarter(IBatchStore store, BatchIntake intake, IOptions<RunOptions> options)
{
    /// <summary>Starts a batch, unless it is started already.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="batchId">Its id.</param>
    /// <param name="client">Schedules its orchestration.</param>
    /// <param name="cancellationToken">Stops the intake.</param>
    /// <returns>What was started, was there, or is in the way.</returns>
    public async Task<StartedBatch> StartAsync(BatchRequest request, string batchId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var manifest = await store.FindManifestAsync(batchId, cancellationToken);
        bool isNew = manifest is null;
        if (manifest is null)
        {
            await intake.TakeAsync(batchId, request.Target, request.Options, request.Items.ToAsyncEnumerable(), cancellationToken);

            // Where two callers were at it, the first manifest counts.
            manifest = await store.FindManifestAsync(batchId, cancellationToken)
                ?? throw new InvalidOperationException($"Batch '{batchId}' has no manifest right after its intake.");
        }

        if (!await IsSameAsync(manifest, request, cancellationToken))
        {
            return new StartedBatch(manifest, StartResult.Conflict);
        }

        // A process that ended between the manifest and this line left a batch that only a second request starts.
        if (await client.GetInstanceAsync(batchId, cancellationToken) is null)
        {
            await ScheduleAsync(manifest, client, cancellationToken);
        }

        return new StartedBatch(manifest, isNew ? StartResult.Started : StartResult.Existing);
    }

    async Task ScheduleAsync(BatchManifest manifest, DurableTaskClient client, CancellationToken cancellationToken)
    {
        int lanes = Math.Max(1, (options.Value.LiveItems + manifest.ItemsPerShard - 1) / manifest.ItemsPerShard);
        var run = new BatchRun(manifest.Id, manifest.ItemCount, manifest.ItemsPerShard, lanes);
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(BatchOrchestrator),
            run,
            new StartOrchestrationOptions(manifest.Id),
            cancellationToken);
    }

    static async Task<bool> IsSameAsync(BatchManifest manifest, BatchRequest request, CancellationToken cancellationToken)
    {
        string content = await BatchIntake.HashAsync(request.Items.ToAsyncEnumerable(), cancellationToken);
        return manifest.ContentSha256 == content
            && manifest.Options == request.Options
            && JsonSerializer.Serialize(manifest.Target, RollcallJson.Compact.BatchTarget)
                == JsonSerializer.Serialize(request.Target, RollcallJson.Compact.BatchTarget);
    }
}
