using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Telemetry;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Makes a batch of a sequence of items: stores them, then its manifest, without which the batch does not exist.</summary>
/// <param name="store">Where the batch goes.</param>
/// <param name="catalog">Lists the batch, where a host has more than one.</param>
/// <param name="itemsPerShard">How many items a shard has.</param>
/// <param name="telemetry">Told of what was taken in.</param>
public sealed class BatchIntake(
    IBatchStore store,
    IBatchCatalog? catalog = null,
    int itemsPerShard = BatchManifest.DefaultItemsPerShard,
    BatchTelemetry? telemetry = null)
{
    /// <summary>Takes a batch in.</summary>
    /// <param name="batchId">The new batch's id.</param>
    /// <param name="request">What to send, and where. The items are read once and never all in memory.</param>
    /// <param name="createdAt">When the batch came.</param>
    /// <param name="cancellationToken">Stops the intake; the batch then does not exist.</param>
    /// <returns>
    /// The manifest of the items that were read. Where another intake of the same id was first, it is not the stored one.
    /// </returns>
    /// <exception cref="InvalidInputException">The items have an error; the batch then does not exist.</exception>
    /// <exception cref="ArgumentException">The id is not one that a batch can have.</exception>
    /// <exception cref="BatchDeletingException">
    /// What was stored is deleted: a batch of the id was deleted meanwhile, or the intake took days.
    /// </exception>
    /// <exception cref="IOException">The storage failed, or what was stored was taken away.</exception>
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

    // False where another intake of the same id was first.
    async Task<bool> AddAsync(BatchManifest manifest, IntakeEntry intake, CancellationToken cancellationToken)
    {
        if (catalog is not null)
        {
            // Listed first, so that no batch that exists is ever missing from the list.
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
            // A write whose answer was lost is made again by the storage's client, and then finds its own manifest there.
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

    // Where there is no list of batches no other caller deletes one: somebody has deleted the files.
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

    /// <summary>Says what a sequence of items is, without storing it: to know a batch again.</summary>
    /// <returns>The value that <see cref="BatchManifest.ContentSha256"/> has for a batch of these items.</returns>
    /// <exception cref="InvalidInputException">The items have an error.</exception>
    public static async Task<string> HashAsync(IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken) =>
        (await MeasureAsync(items, cancellationToken)).Sha256;

    /// <summary>As <see cref="HashAsync"/>, with the number of the items.</summary>
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
