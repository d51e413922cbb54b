using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>The items of batches in a folder of the local disk.</summary>
/// <param name="root">The folder, with one subfolder per batch.</param>
/// <param name="files">The other files of the batches.</param>
sealed class ItemsFiles(string root, BatchFiles files) : IDisposable
{
    readonly OpenItems open = new();

    /// <inheritdoc cref="IBatchStore.WriteItemsAsync"/>
    public async Task WriteAsync(string batchId, string itemsName, IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken)
    {
        string folder = FolderOf(batchId);
        try
        {
            DurableFile.MakeFolder(Path.Combine(folder, "results"));
            DurableFile.MakeFolder(Path.Combine(folder, "bodies"));
            await ItemsFile.WriteAsync(folder, itemsName, items, cancellationToken);
            DurableFile.FlushFolder(folder);
        }
        catch (Exception exception)
        {
            ItemsFile.Delete(folder, itemsName);
            if (exception is DirectoryNotFoundException or FileNotFoundException && Directory.Exists(root))
            {
                throw new BatchGoneException(batchId);
            }

            throw;
        }
    }

    /// <inheritdoc cref="IBatchStore.DeleteItemsAsync"/>
    public Task DeleteAsync(string batchId, string itemsName)
    {
        if (Directory.Exists(FolderOf(batchId)))
        {
            ItemsFile.Delete(FolderOf(batchId), itemsName);
        }

        return Task.CompletedTask;
    }

    /// <summary>Reads an item, with the newest payload that it was given.</summary>
    /// <param name="index">The item's index in the batch.</param>
    /// <exception cref="DamagedDataException">What is stored is not what was accepted.</exception>
    public BatchItem ReadItem(BatchManifest manifest, long index)
    {
        var set = manifest.FindReplacement(index);
        long place = set?.PlaceOf(index) ?? index;
        return Read(manifest, set?.ItemsName ?? manifest.ItemsName, index, file => file.Read(place));
    }

    /// <summary>Reads an item's id.</summary>
    /// <param name="index">The item's index in the batch.</param>
    /// <exception cref="DamagedDataException">What is stored is not what was accepted.</exception>
    public string? ReadId(BatchManifest manifest, long index) =>
        Read(manifest, manifest.ItemsName, index, file => file.ReadId(index));

    T Read<T>(BatchManifest manifest, string name, long index, Func<ItemsFile, T> read)
    {
        try
        {
            return open.Read(FolderOf(manifest.Id), name, read);
        }
        catch (Exception exception) when (exception is not DamagedDataException && files.IsOfOneBatch(exception))
        {
            throw new DamagedBatchException(manifest.Id, $"item {index} cannot be read from its items: {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="IBatchStore.OpenIdMarksAsync"/>
    public async ValueTask<Stream> OpenIdMarksAsync(BatchManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return BatchFiles.Find(ItemsFile.IdsPath(FolderOf(manifest.Id), manifest.ItemsName)) is { } file
                ? await CheckedContent.OpenAsync(file, file.Length, IdMarks.NameOf(manifest.Id), sha256: null, cancellationToken)
                : throw IdMarks.Damaged(manifest.Id, "it is gone");
        }
        catch (Exception exception) when (exception is not DamagedDataException && files.IsOfOneBatch(exception))
        {
            throw IdMarks.Damaged(manifest.Id, $"it cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Closes the items of a deleted batch.</summary>
    public void Close(string batchId) => open.Close(FolderOf(batchId));

    /// <inheritdoc/>
    public void Dispose() => open.Dispose();

    string FolderOf(string batchId) => Path.Combine(root, batchId);
}
