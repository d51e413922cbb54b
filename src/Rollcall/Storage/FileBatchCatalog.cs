using System.Runtime.CompilerServices;
using System.Text.Json;
using Rollcall.Serialization;

namespace Rollcall.Storage;

/// <summary>A catalog in a folder of the local disk: an empty file a batch, another while it is open, and a small one a rejection, named by their keys.</summary>
/// <param name="root">The folder. It is made with the first entry.</param>
public sealed class FileBatchCatalog(string root) : IBatchCatalog
{
    string Entries => Path.Combine(root, "entries");

    string Open => Path.Combine(root, "open");

    string Rejections => Path.Combine(root, "rejections");

    /// <inheritdoc/>
    public async Task AddAsync(string batchId, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        foreach (string folder in new[] { Open, Entries })
        {
            Directory.CreateDirectory(folder);
            await DurableFile.WriteAsync(Path.Combine(folder, CatalogEntry.KeyOf(batchId, createdAt)), _ => Task.CompletedTask);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogEntry> ListAsync(string? after, CancellationToken cancellationToken) =>
        KeysIn(Entries, after).Select(CatalogEntry.Parse).OfType<CatalogEntry>().ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<CatalogEntry> ListOpenAsync(CancellationToken cancellationToken) =>
        KeysIn(Open, after: null).Select(CatalogEntry.Parse).OfType<CatalogEntry>().ToAsyncEnumerable();

    /// <inheritdoc/>
    public Task CloseAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Open, entry.Key));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReopenAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Open);
        return DurableFile.WriteAsync(Path.Combine(Open, entry.Key), _ => Task.CompletedTask);
    }

    /// <inheritdoc/>
    public Task AddRejectionAsync(Rejection rejection, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Rejections);
        string path = Path.Combine(Rejections, CatalogEntry.KeyOf(rejection.Id, rejection.RejectedAt));
        return DurableFile.WriteAsync(path, stream => JsonSerializer.SerializeAsync(stream, rejection, RollcallJson.Compact.Rejection, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Key, Rejection Rejection)> ListRejectionsAsync(
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string key in KeysIn(Rejections, after).Where(key => CatalogEntry.Parse(key) is not null))
        {
            await using var stream = File.OpenRead(Path.Combine(Rejections, key));
            yield return (key, (await JsonSerializer.DeserializeAsync(stream, RollcallJson.Compact.Rejection, cancellationToken))!);
        }
    }

    static IEnumerable<string> KeysIn(string folder, string? after) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(key => string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal)
            : [];
}
