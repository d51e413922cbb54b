using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>
/// The container that holds everything. What was written once is not written over, but for what says so: a second write of the same
/// changes nothing, whichever process it comes from. The account's failures come out as <see cref="IOException"/>.
/// </summary>
/// <param name="container">The container. It is created at the first write that finds it missing.</param>
sealed class BatchContainer(BlobContainerClient container)
{
    const int DeletesAtOnce = 8;

    // What the account gives at once at the most.
    const int MaxPage = 5000;

    volatile bool isThere;

    public BlockBlobClient Blob(string name) => container.GetBlockBlobClient(name);

    /// <summary>Creates the container where it is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!isThere)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            isThere = true;
        }
    }

    /// <summary>Writes a blob, unless there is one of that name.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        await EnsureAsync(cancellationToken);
        await using var writer = new BlockBlobWriter(Blob(name));
        await write(writer);
        return await writer.CommitAsync(head: default, cancellationToken);
    });

    public Task<bool> WriteJsonAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(name, stream => CheckedContent.WriteJsonAsync(stream, value, type), cancellationToken);

    /// <summary>Writes a blob in the place of one that it may replace, or of none.</summary>
    /// <param name="batchId">The batch that it is stored of.</param>
    /// <param name="mayReplace">Whether what is there may be replaced; null where there is none.</param>
    /// <param name="type">How it is written.</param>
    /// <returns>Whether it was written; another process may have been first.</returns>
    public async Task<bool> ReplaceJsonAsync<T>(
        string batchId, string name, T value, Func<T?, bool> mayReplace, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var (before, tag) = await FindVersionAsync(batchId, name, type, cancellationToken);
        return mayReplace(before) && await ReplaceVersionAsync(name, value, tag, type, cancellationToken) is not null;
    }

    /// <summary>Reads a blob.</summary>
    /// <returns>Its content and its version's tag; nulls where there is none.</returns>
    public Task<(T? Value, string? Tag)> FindVersionAsync<T>(
        string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => GuardAsync<(T?, string?)>(name, async () =>
    {
        try
        {
            var found = (await Blob(name).DownloadContentAsync(cancellationToken)).Value;
            var value = await BatchRecord.ReadAsync(
                found.Content.ToStream(),
                found.Details.ContentLength,
                batchId,
                name,
                type,
                cancellationToken);
            return (value, found.Details.ETag.ToString());
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return (null, null);
        }
    });

    /// <summary>Writes a blob in the place of a version of it.</summary>
    /// <returns>The new version's tag; null where another process was first.</returns>
    public Task<string?> ReplaceVersionAsync<T>(
        string name, T value, string? tag, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => GuardAsync<string?>(name, async () =>
    {
        var condition = tag is null
            ? new BlobRequestConditions { IfNoneMatch = ETag.All }
            : new BlobRequestConditions { IfMatch = new ETag(tag) };
        try
        {
            using var content = new MemoryStream(await CheckedContent.ToBytesAsync(value, type));
            return (
                await Blob(name).UploadAsync(
                    content,
                    new BlobUploadOptions { Conditions = condition },
                    cancellationToken)).Value.ETag.ToString();
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return null;
        }
    });

    /// <summary>Opens a blob.</summary>
    /// <returns>Its bytes, or null where there is none.</returns>
    public async Task<Stream?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await DownloadAsync(name, cancellationToken))?.Content;

    /// <summary>Opens a blob that was written with its hash: see <see cref="CheckedContent"/>.</summary>
    /// <returns>Its content, or null where there is none.</returns>
    /// <exception cref="DamagedDataException">It is not what was written. The stream throws the same.</exception>
    public async Task<Stream?> FindCheckedAsync(string name, string called, string? sha256, CancellationToken cancellationToken) =>
        await DownloadAsync(name, cancellationToken) is { } blob
            ? await CheckedContent.OpenAsync(blob.Content, blob.Details.ContentLength, called, sha256, cancellationToken)
            : null;

    /// <summary>Reads what is stored of a batch as JSON.</summary>
    /// <returns>The record, or null where there is no such blob.</returns>
    /// <exception cref="DamagedBatchException">The blob is not what was written.</exception>
    public async Task<T?> FindJsonAsync<T>(string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await DownloadAsync(name, cancellationToken) is { } blob
            ? await BatchRecord.ReadAsync(blob.Content, blob.Details.ContentLength, batchId, name, type, cancellationToken)
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

    /// <summary>Lists the first blobs whose names start with a prefix, and do not go on with what is below a text, in order.</summary>
    /// <param name="most">How many, from 1.</param>
    /// <returns>What follows the prefix in each name: that many names, fewer only where there are no more.</returns>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, string from, int most, CancellationToken cancellationToken) =>
        await GuardAsync(prefix, async () =>
    {
        // The account skips what is below, and so need not read it; one that did not would still be understood.
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
            // There is no container yet.
        }

        return names;
    });

    /// <summary>Writes a blob in the place of one of that name.</summary>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        await EnsureAsync(cancellationToken);
        using var stream = new MemoryStream(content.ToArray());
        return await Blob(name).UploadAsync(stream, new BlobUploadOptions(), cancellationToken);
    });

    /// <summary>Deletes a number of blobs whose names start with a prefix.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteSomeAsync(string prefix, int most, CancellationToken cancellationToken)
    {
        var names = await ListAsync(prefix, from: "", most, cancellationToken);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, parallel, async (name, token) => await DeleteBlobAsync(prefix + name, token));
        return names.Count == most;
    }

    /// <summary>Deletes a blob, where there is one of that name.</summary>
    public Task DeleteBlobAsync(string name, CancellationToken cancellationToken) =>
        GuardAsync(name, () => Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken));

    /// <summary>Deletes the blobs whose names start with a prefix.</summary>
    public async Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ListAsync(prefix, cancellationToken), parallel, async (rest, token) =>
            await DeleteBlobAsync(prefix + rest, token));
    }

    /// <summary>Does work on a blob, and tells of the account's failures as the batch store's contract has it.</summary>
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

    static string NameOf(string blob) => $"The blob '{blob}'";

    Task<BlobDownloadStreamingResult?> DownloadAsync(string name, CancellationToken cancellationToken) =>
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
