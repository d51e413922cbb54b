using System.Text.Json.Serialization.Metadata;
using Rollcall.Batches;

namespace Rollcall.Storage;

/// <summary>
/// Reads the JSON records that a store keeps of a batch. A record that cannot be what was written counts as damage to that batch only.
/// </summary>
public static class BatchRecord
{
    /// <summary>Reads a record.</summary>
    /// <param name="content">The bytes, including the last line with their hash: see <see cref="CheckedContent"/>. It is closed.</param>
    /// <param name="length">The length of the content, in bytes.</param>
    /// <param name="batchId">The batch that the record belongs to.</param>
    /// <param name="name">The record's name in the store, for messages.</param>
    /// <exception cref="DamagedBatchException">
    /// It is not what was written, has a value that no record can have, or belongs to another batch.
    /// </exception>
    public static async Task<T> ReadAsync<T>(
        Stream content, long length, string batchId, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var record = await CheckedContent.ReadJsonAsync(content, length, name, type, cancellationToken);
            if (FindFault(record, batchId) is { } fault)
            {
                throw new DamagedBatchException(batchId, $"{name} {fault}");
            }

            return record;
        }
        catch (DamagedDataException exception) when (exception is not DamagedBatchException)
        {
            throw new DamagedBatchException(batchId, exception.Message, exception);
        }
    }

    static string? FindFault(object record, string batchId) => record switch
    {
        BatchManifest manifest => IdFault(manifest.Id, batchId) ?? FindFault(manifest),
        BatchControl control => IdFault(control.BatchId, batchId) ?? FindFault(control),
        Receipt receipt => IdFault(receipt.BatchId, batchId),
        BatchFailure failure => IdFault(failure.BatchId, batchId),
        BatchRepair repair => IdFault(repair.BatchId, batchId),
        _ => null,
    };

    static string? IdFault(string id, string batchId) => id == batchId ? null : $"is of batch '{id}'.";

    static string? FindFault(BatchManifest manifest)
    {
        if (manifest.ItemCount < 0 || manifest.ItemsPerShard < 1)
        {
            return $"has {manifest.ItemCount} items in shards of {manifest.ItemsPerShard}.";
        }

        if (manifest.ItemsName.Length == 0 || !manifest.ItemsName.All(char.IsAsciiLetterOrDigit))
        {
            return $"has the items '{manifest.ItemsName}', which is not the name of a set of items.";
        }

        return manifest.Options.FindError() is { } error ? $"has options that no batch can have: {error}" : null;
    }

    static string? FindFault(BatchControl control)
    {
        if (control.Version < 0 || control.Run < 1)
        {
            return $"has version {control.Version} and run {control.Run}.";
        }

        var limits = new BatchOptions { Concurrency = control.Concurrency, RatePerSecond = control.RatePerSecond };
        return limits.FindError() is { } error ? $"has limits that no batch can have: {error}" : null;
    }
}
