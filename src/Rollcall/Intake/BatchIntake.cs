using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Telemetry;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes a batch from a sequence of items: stores them, then its manifest, without which the batch does not exist.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="catalog">Lists the batch, if the host has more than one.</param>
/// <param name="itemsPerShard">The number of items per shard.</param>
/// <param name="telemetry">Records accepted batches.</param>
public sealed class BatchIntake(
    IBatchStore store,
    IBatchCatalog? catalog = null,
    int itemsPerShard = BatchManifest.DefaultItemsPerShard,
    BatchTelemetry? telemetry = null)
{
    /// <summary>Accepts a batch.</summary>
    /// <param name="batchId">The new batch's id.</param>
    /// <param name="request">What to send, and where. The items are read once and never all in memory.</param>
    /// <param name="createdAt">When the request was received.</param>
    /// <param name="cancellationToken">Stops the intake; the batch then does not exist.</param>
    /// <returns>
    /// The manifest for the items that were read. If another intake with the same id came first, it is not the stored one.
    /// </returns>
    /// <exception cref="InvalidInputException">The items have an error; the batch then does not exist.</exception>
    /// <exception cref="ArgumentException">The id is not valid.</exception>
    /// <exception cref="BatchDeletingException">
    /// What was stored is deleted: a batch with this id was deleted meanwhile, or the intake took days.
    /// </exception>
    /// <exception cref="IOException">The storage failed, or what was stored was removed.</exception>
    public async Task<BatchManifest> TakeAsync(
        string batchId, BatchRequest request, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        if (!BatchManifest.IsValidId(batchId))
        {
            throw new ArgumentException($"'{batchId}' is not a batch id: {BatchManifest.IdNeeded}.", nameof(batchId));
        }

        using var content = new ContentHash();
        var intake = new IntakeEntry(batchId, Guid.CreateVersion7().ToString("N"), createdAt);

        // Noted first, so that nothing is stored that nobody would delete.
        await (catalog?.BeginIntakeAsync(intake, cancellationToken) ?? Task.CompletedTask);
        try
        {
            await store.WriteItemsAsync(
                batchId,
                intake.ItemsName,
                content.PassAsync(request.Items, cancellationToken),
                itemsPerShard,
                cancellationToken);
        }
        catch (InvalidInputException)
        {
            await DiscardAsync(intake, cancellationToken);
            throw;
        }
        catch (BatchGoneException exception)
        {
            await DiscardAsync(intake, cancellationToken);
            throw Gone(batchId, exception);
        }

        var manifest = new BatchManifest
        {
            Id = batchId,
            Target = request.Target,
            Options = request.Options,
            ItemCount = content.Count,
            ItemsPerShard = itemsPerShard,
            ItemsName = intake.ItemsName,
            ContentSha256 = content.Finish(),
            HasIds = content.HasIds,
            CreatedAt = createdAt,
            StartAt = request.StartAt,
            OnCompleted = request.OnCompleted,
        };
        if (await AddAsync(manifest, intake, cancellationToken))
        {
            telemetry?.BatchTaken(content.PayloadBytes);
        }

        return manifest;
    }

    // False if another intake with the same id came first.
    async Task<bool> AddAsync(BatchManifest manifest, IntakeEntry intake, CancellationToken cancellationToken)
    {
        if (catalog is not null)
        {
            // Listed first, so that no existing batch is ever missing from the list.
            await catalog.AddAsync(manifest.Id, manifest.CreatedAt, cancellationToken);
            if (!await catalog.HasIntakeAsync(intake, cancellationToken)
                || await catalog.FindDeletionAsync(manifest.Id, cancellationToken) is not null)
            {
                await DiscardAsync(intake, cancellationToken);
                throw Deleted(manifest.Id);
            }
        }

        try
        {
            // If the response to a write is lost, the storage's client repeats the write, and then finds its own manifest.
            if (!await store.WriteManifestAsync(manifest, cancellationToken)
                && (await store.FindManifestAsync(manifest.Id, cancellationToken))?.ItemsName != intake.ItemsName)
            {
                await DiscardAsync(intake, cancellationToken);
                return false;
            }
        }
        catch (BatchGoneException exception)
        {
            await DiscardAsync(intake, cancellationToken);
            throw Gone(manifest.Id, exception);
        }

        await (catalog?.EndIntakeAsync(intake, cancellationToken) ?? Task.CompletedTask);
        return true;
    }

    // Without a list of batches, no other caller can have deleted one: somebody has deleted the files.
    Exception Gone(string batchId, BatchGoneException exception) =>
        catalog is null ? new IOException($"The items that were stored of batch '{batchId}' are gone.", exception) : Deleted(batchId);

    static BatchDeletingException Deleted(string batchId) =>
        new(
            batchId,
            $"What was stored of batch '{batchId}' was deleted: its intake took too long, or a batch of its id was deleted meanwhile.");

    async Task DiscardAsync(IntakeEntry intake, CancellationToken cancellationToken)
    {
        await store.DeleteItemsAsync(intake.BatchId, intake.ItemsName, cancellationToken);
        await (catalog?.EndIntakeAsync(intake, cancellationToken) ?? Task.CompletedTask);
    }

    /// <summary>Hashes a sequence of items without storing it, to recognize a batch.</summary>
    /// <returns>The <see cref="BatchManifest.ContentSha256"/> of a batch of these items.</returns>
    /// <exception cref="InvalidInputException">The items have an error.</exception>
    public static async Task<string> HashAsync(IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken) =>
        (await MeasureAsync(items, cancellationToken)).Sha256;

    /// <summary>As <see cref="HashAsync"/>, with the number of items.</summary>
    internal static async Task<(string Sha256, long Count)> MeasureAsync(
        IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken)
    {
        using var content = new ContentHash();
        await foreach (var _ in content.PassAsync(items, cancellationToken))
        {
        }

        return (content.Finish(), content.Count);
    }
}
