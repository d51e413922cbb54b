using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>
/// The container that holds all data. An existing blob is not overwritten, except where stated: a second write of the same blob changes
/// nothing, whichever process it comes from. Failures of the account are <see cref="IOException"/>s.
/// </summary>
/// <param name="container">The container. It is created at the first write that finds it missing.</param>
sealed class BatchContainer(BlobContainerClient container)
{
    const int DeletesAtOnce = 8;

    // The largest page that the account returns.
    const int MaxPage = 5000;

    volatile bool isThere;

    public BlockBlobClient Blob(string name) => container.GetBlockBlobClient(name);

    /// <summary>Creates the container if it is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!isThere)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            isThere = true;
        }
    }

    /// <summary>Writes a blob, unless one with that name exists.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        await EnsureAsync(cancellationToken);
        await using var writer = new BlockBlobWriter(Blob(name));
        await write(writer);
        return await writer.CommitAsync(head: default, cancellationToken);
    });

    /// <summary>Opens a blob.</summary>
    /// <returns>Its bytes; null if there is none.</returns>
    public async Task<Stream?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await DownloadAsync(name, cancellationToken))?.Content;

    /// <summary>Starts the download of a blob.</summary>
    /// <returns>The download; null if there is no such blob.</returns>
    public Task<BlobDownloadStreamingResult?> DownloadAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync<BlobDownloadStreamingResult?>(name, async () =>
    {
        try
        {
            return await Blob(name).DownloadStreamingAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    });

    /// <summary>Opens a blob that was written with its hash: see <see cref="CheckedContent"/>.</summary>
    /// <returns>Its content; null if there is none.</returns>
    /// <exception cref="DamagedDataException">It is not what was written. The stream throws the same.</exception>
    public async Task<Stream?> FindCheckedAsync(string name, string called, string? sha256, CancellationToken cancellationToken) =>
        await DownloadAsync(name, cancellationToken) is { } blob
            ? await CheckedContent.OpenAsync(blob.Content, blob.Details.ContentLength, called, sha256, cancellationToken)
            : null;

    /// <summary>Lists the blobs whose names start with a prefix, in order.</summary>
    /// <returns>What follows the prefix in each name.</returns>
    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
        ListTimesAsync(prefix, cancellationToken).Select(blob => blob.Name);

    /// <summary>Lists the blobs whose names start with a prefix, in order, with the times at which they were written.</summary>
    /// <returns>What follows the prefix in each name, and the time.</returns>
    public async IAsyncEnumerable<(string Name, DateTimeOffset At)> ListTimesAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await GuardAsync(prefix, () => ListPageAsync(prefix, token, cancellationToken));
            foreach (var blob in page?.Values ?? [])
            {
                yield return (blob.Name[prefix.Length..], blob.Properties.LastModified ?? DateTimeOffset.MaxValue);
            }

            token = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));
    }

    /// <summary>Lists, in order, the first blobs whose names start with a prefix, from a given rest of the name on.</summary>
    /// <param name="from">The first rest of a name; empty for all.</param>
    /// <param name="most">The maximum number of names, at least 1.</param>
    /// <returns>What follows the prefix in each name. There are fewer names only if there are no more blobs.</returns>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, string from, int most, CancellationToken cancellationToken) =>
        await GuardAsync(prefix, async () =>
    {
        // StartFrom lets the account skip earlier names. The filter below makes the result correct even if it does not.
        var options = new GetBlobsOptions { Prefix = prefix, StartFrom = from.Length > 0 ? prefix + from : null };
        var names = new List<string>();
        try
        {
            await foreach (var page in container.GetBlobsAsync(options, cancellationToken).AsPages(pageSizeHint: Math.Min(most, MaxPage)))
            {
                names.AddRange(
                    page.Values
                        .Select(blob => blob.Name[prefix.Length..])
                        .Where(name => string.CompareOrdinal(name, from) >= 0)
                        .Take(most - names.Count));
                if (names.Count == most)
                {
                    break;
                }
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // The container does not exist yet.
        }

        return names;
    });

    /// <summary>Writes a blob, or overwrites the one with that name.</summary>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        await EnsureAsync(cancellationToken);
        using var stream = new MemoryStream(content.ToArray());
        return await Blob(name).UploadAsync(stream, new BlobUploadOptions(), cancellationToken);
    });

    /// <summary>Deletes up to a number of blobs whose names start with a prefix.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteSomeAsync(string prefix, int most, CancellationToken cancellationToken)
    {
        var names = await ListAsync(prefix, from: "", most, cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, parallel, async (name, token) => await DeleteBlobAsync(prefix + name, token));
        return names.Count == most;
    }

    /// <summary>Deletes a blob, if it exists.</summary>
    public Task DeleteBlobAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(name, () => Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken));

    /// <summary>Deletes the blobs whose names start with a prefix.</summary>
    public async Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ListAsync(prefix, cancellationToken), parallel, async (rest, token) =>
            await DeleteBlobAsync(prefix + rest, token));
    }

    /// <summary>Works on a blob, and reports failures of the account as the contract of the batch store requires.</summary>
    public static async Task<T> GuardAsync<T>(string blob, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            throw StorageFailure.Of(blob, exception);
        }
    }

    async Task<Page<BlobItem>?> ListPageAsync(string prefix, string? token, CancellationToken cancellationToken)
    {
        try
        {
            var options = new GetBlobsOptions { Prefix = prefix };
            await using var pages = container
                .GetBlobsAsync(options, cancellationToken)
                .AsPages(token)
                .GetAsyncEnumerator(cancellationToken);
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }
}
