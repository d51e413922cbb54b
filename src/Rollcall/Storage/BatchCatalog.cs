using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>A catalog that consists of small named entries, in lists that storage keeps in the order of the names.</summary>
public abstract class BatchCatalog : IBatchCatalog
{
    const int ScanSize = 1000;
    const string EndsList = "ends";
    const string DeletionsList = "deleting";
    const string IntakesList = "intakes";

    readonly BatchGates gates = new();

    /// <inheritdoc/>
    public async Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var entry = new CatalogEntry(batchId, createdAt);

        // In this order: the housekeeping only finds batches that are listed as open.
        await WriteAsync(CatalogList.Open.Name, entry.Key, default, cancellationToken);
        await WriteAsync(CatalogList.All.Name, entry.Key, default, cancellationToken);
    }

    /// <inheritdoc/>
    public Task BeginIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken) =>
        WriteAsync(IntakesList, intake.Key, default, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> HasIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken) =>
        await FindAsync(IntakesList, intake.Key, cancellationToken) is not null;

    /// <inheritdoc/>
    public Task EndIntakeAsync(IntakeEntry intake, CancellationToken cancellationToken) =>
        DeleteAsync(IntakesList, intake.Key, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<IntakeEntry> ListIntakesAsync(
        DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string end = IntakeEntry.KeyAt(before);
        await foreach (string name in ScanAsync(IntakesList, cancellationToken).TakeWhile(name => string.CompareOrdinal(name, end) < 0))
        {
            if (IntakeEntry.Parse(name) is { } intake)
            {
                yield return intake;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<CatalogPage> ListAsync(
        CatalogList list, CatalogRange range, string? after, int most, CancellationToken cancellationToken)
    {
        string from = string.CompareOrdinal(range.FirstKey, after) > 0 ? range.FirstKey : after!;
        while (true)
        {
            // One extra entry tells whether there is another page. The entry that the page continues after may be returned again.
            var names = await ListAsync(list.Name, from, most + 2, cancellationToken);
            var rest = names.Where(name => name != after).ToList();
            var entries = rest.Take(most).Select(CatalogEntry.Parse).OfType<CatalogEntry>().ToList();
            var within = entries.TakeWhile(range.Begins).ToList();
            if (rest.Count <= most || within.Count < entries.Count)
            {
                return new CatalogPage(within, Next: null);
            }

            if (entries.Count > 0)
            {
                return new CatalogPage(within, entries[^1].Key);
            }

            // Somebody has put other files there. Their names are not keys, so no page can continue after them.
            from = after = rest[most - 1];
        }
    }

    /// <inheritdoc/>
    public async Task CloseAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken)
    {
        // In this order, so that the batch is in at least one of the lists at any time.
        await WriteAsync(EndsList, new EndedEntry(entry, batchEnd).Key, default, cancellationToken);
        await WriteAsync(CatalogList.Ended(batchEnd.Kind).Name, entry.Key, default, cancellationToken);
        await DeleteAsync(CatalogList.Open.Name, entry.Key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReopenAsync(CatalogEntry entry, BatchEnd batchEnd, CancellationToken cancellationToken)
    {
        await WriteAsync(CatalogList.Open.Name, entry.Key, default, cancellationToken);
        await ForgetEndAsync(new EndedEntry(entry, batchEnd), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(CatalogEntry entry, BatchEnd? batchEnd, CancellationToken cancellationToken)
    {
        if (batchEnd is not null)
        {
            await ForgetEndAsync(new EndedEntry(entry, batchEnd), cancellationToken);
        }

        await DeleteAsync(CatalogList.All.Name, entry.Key, cancellationToken);
        await DeleteAsync(CatalogList.Open.Name, entry.Key, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndedEntry> ListEndedAsync(
        DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string end = EndedEntry.KeyAt(before);
        await foreach (string name in ScanAsync(EndsList, cancellationToken))
        {
            if (string.CompareOrdinal(name, end) >= 0)
            {
                yield break;
            }

            if (EndedEntry.Parse(name) is { } ended)
            {
                yield return ended;
            }
        }
    }

    /// <inheritdoc/>
    public async Task ForgetEndAsync(EndedEntry ended, CancellationToken cancellationToken)
    {
        await DeleteAsync(CatalogList.Ended(ended.End.Kind).Name, ended.Entry.Key, cancellationToken);
        await DeleteAsync(EndsList, ended.Key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteDeletionAsync(BatchDeletion deletion, CancellationToken cancellationToken) => await WriteAsync(
        DeletionsList,
        deletion.BatchId,
        await CheckedContent.ToBytesAsync(deletion, StorageJson.Compact.BatchDeletion),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchDeletion?> FindDeletionAsync(string batchId, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(DeletionsList, batchId, StorageJson.Compact.BatchDeletion, cancellationToken);
        }
        catch (DamagedDataException)
        {
            // The name alone says that there is a deletion.
            return BatchDeletion.Unreadable(batchId);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BatchDeletion> ListDeletionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string name in ScanAsync(DeletionsList, cancellationToken).Where(BatchManifest.IsValidId))
        {
            if (await FindDeletionAsync(name, cancellationToken) is { } deletion)
            {
                yield return deletion;
            }
        }
    }

    /// <inheritdoc/>
    public Task RemoveDeletionAsync(string batchId, CancellationToken cancellationToken) =>
        DeleteAsync(DeletionsList, batchId, cancellationToken);

    /// <inheritdoc/>
    public async Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken) => await WriteAsync(
        CatalogList.Rejections.Name,
        CatalogEntry.KeyOf(rejection.Id, rejection.RejectedAt),
        await CheckedContent.ToBytesAsync(rejection, StorageJson.Compact.Rejection),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<Rejection?> FindRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(CatalogList.Rejections.Name, entry.Key, StorageJson.Compact.Rejection, cancellationToken);
        }
        catch (DamagedDataException)
        {
            return new Rejection(entry.BatchId, entry.CreatedAt, "What was noted of the reason cannot be read.");
        }
    }

    /// <inheritdoc/>
    public Task RemoveRejectionAsync(CatalogEntry entry, CancellationToken cancellationToken) =>
        DeleteAsync(CatalogList.Rejections.Name, entry.Key, cancellationToken);

    /// <inheritdoc/>
    public Task<IDisposable> EnterAsync(string batchId, CancellationToken cancellationToken) =>
        gates.EnterAsync(batchId, cancellationToken);

    /// <summary>Stores an entry, replacing one of the same name.</summary>
    /// <param name="name">The name: letters, digits, hyphens and underscores.</param>
    /// <param name="content">The content, which is empty for most entries.</param>
    /// <returns>A task that completes when the entry is durable.</returns>
    protected abstract Task WriteAsync(string list, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads an entry.</summary>
    /// <returns>Its content, or null if there is no entry of that name.</returns>
    protected abstract Task<byte[]?> FindAsync(string list, string name, CancellationToken cancellationToken);

    /// <summary>Deletes an entry, if there is one of that name.</summary>
    /// <returns>A task that completes when it is gone.</returns>
    protected abstract Task DeleteAsync(string list, string name, CancellationToken cancellationToken);

    /// <summary>Lists names from a given one on, in ascending order of their UTF-16 codes.</summary>
    /// <returns>As many names as requested; fewer only if there are no more.</returns>
    protected abstract Task<IReadOnlyList<string>> ListAsync(string list, string from, int most, CancellationToken cancellationToken);

    async Task<T?> FindAsync<T>(string list, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await FindAsync(list, name, cancellationToken) is not { } bytes)
        {
            return null;
        }

        using var content = new MemoryStream(bytes);
        return await CheckedContent.ReadJsonAsync(content, bytes.Length, $"The catalog's entry '{list}/{name}'", type, cancellationToken);
    }

    async IAsyncEnumerable<string> ScanAsync(string list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string last = "";
        IReadOnlyList<string> names;
        do
        {
            names = await ListAsync(list, last, ScanSize, cancellationToken);
            foreach (string name in names.Where(name => name != last))
            {
                yield return name;
            }

            last = names.Count > 0 ? names[^1] : last;
        }
        while (names.Count == ScanSize);
    }
}
