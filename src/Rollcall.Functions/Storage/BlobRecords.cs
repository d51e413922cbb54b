using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs.Models;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>The JSON records in the container: written once, or replaced version by version.</summary>
sealed class BlobRecords(BatchContainer container)
{
    /// <summary>Writes a record, unless it exists.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> WriteJsonAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        container.WriteAsync(name, stream => CheckedContent.WriteJsonAsync(stream, value, type), cancellationToken);

    /// <summary>Replaces a record, or writes the first version.</summary>
    /// <param name="batchId">The batch it belongs to.</param>
    /// <param name="mayReplace">Whether the current version, or null, may be replaced.</param>
    /// <returns>Whether it was written; false if another process was first.</returns>
    public async Task<bool> ReplaceJsonAsync<T>(
        string batchId, string name, T value, Func<T?, bool> mayReplace, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var (before, tag) = await FindVersionAsync(batchId, name, type, cancellationToken);
        return mayReplace(before) && await ReplaceVersionAsync(name, value, tag, type, cancellationToken) is not null;
    }

    /// <summary>Reads a record.</summary>
    /// <returns>The record and the tag of its version; nulls if there is none.</returns>
    public Task<(T? Value, string? Tag)> FindVersionAsync<T>(
        string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => BatchContainer.GuardAsync<(T?, string?)>(name, async () =>
    {
        try
        {
            var found = (await container.Blob(name).DownloadContentAsync(cancellationToken)).Value;
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

    /// <summary>Replaces one version of a record.</summary>
    /// <returns>The tag of the new version; null if another process was first.</returns>
    public Task<string?> ReplaceVersionAsync<T>(
        string name, T value, string? tag, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => BatchContainer.GuardAsync<string?>(name, async () =>
    {
        var condition = tag is null
            ? new BlobRequestConditions { IfNoneMatch = ETag.All }
            : new BlobRequestConditions { IfMatch = new ETag(tag) };
        try
        {
            using var content = new MemoryStream(await CheckedContent.ToBytesAsync(value, type));
            return (
                await container.Blob(name).UploadAsync(
                    content,
                    new BlobUploadOptions { Conditions = condition },
                    cancellationToken)).Value.ETag.ToString();
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return null;
        }
    });

    /// <summary>Reads a record.</summary>
    /// <returns>The record; null if there is none.</returns>
    /// <exception cref="DamagedBatchException">It is not what was written.</exception>
    public async Task<T?> FindJsonAsync<T>(string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await container.DownloadAsync(name, cancellationToken) is { } blob
            ? await BatchRecord.ReadAsync(blob.Content, blob.Details.ContentLength, batchId, name, type, cancellationToken)
            : null;
}
