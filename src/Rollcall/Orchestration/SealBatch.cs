using System.Security.Cryptography;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Seals a batch: reads back every stored result line, requires exactly one for each item in input order, and writes the receipt. It
/// trusts nothing that the orchestrators counted.
/// </summary>
/// <param name="store">Where the batch is.</param>
/// <param name="controls">Knows why items were left unsent.</param>
/// <param name="time">The clock.</param>
[DurableTask(nameof(SealBatch))]
public sealed class SealBatch(IBatchStore store, BatchControls controls, TimeProvider time) : TaskActivity<BatchRunAddress, SealedBatch>
{
    /// <inheritdoc/>
    public override async Task<SealedBatch> RunAsync(TaskActivityContext context, BatchRunAddress input)
    {
        var receipt = await store.FindReceiptAsync(input.BatchId, input.Run, CancellationToken.None);
        if (receipt is null)
        {
            receipt = await ReadBackAsync(await store.GetManifestAsync(input.BatchId), input.Run);
            await store.WriteReceiptAsync(receipt, CancellationToken.None);

            // Another process may have been first, and its receipt is the one that counts.
            receipt = await store.FindReceiptAsync(input.BatchId, input.Run, CancellationToken.None)
                ?? throw new InvalidOperationException($"Batch '{input.BatchId}' has no receipt right after it was written.");
        }

        return new SealedBatch(receipt.Outcomes, receipt.Counts, receipt.Sha256, receipt.SealedAt, receipt.Stop);
    }

    async Task<Receipt> ReadBackAsync(BatchManifest manifest, int run)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counts = new OutcomeCounts();
        var shards = new List<ShardReceipt>(manifest.ShardCount());
        for (int shard = 0; shard < manifest.ShardCount(); shard++)
        {
            await using var results = await RunResults.OpenAsync(store, manifest.Id, run, shard, CancellationToken.None)
                ?? throw new InvalidOperationException($"Shard {shard} of batch '{manifest.Id}' has no results.");
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var reader = new ResultReader(results, [hash, whole]);
            long index = manifest.FirstIndexOf(shard);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                if (line.Index != index)
                {
                    throw new InvalidOperationException($"Shard {shard} has the result of item {line.Index} in the place of item {index}.");
                }

                counts.Add(line.Status, line.HttpStatus, line.ErrorCode);
                index++;
            }

            long items = index - manifest.FirstIndexOf(shard);
            if (items != manifest.ItemsIn(shard))
            {
                throw new InvalidOperationException($"Shard {shard} has {items} results for {manifest.ItemsIn(shard)} items.");
            }

            shards.Add(new ShardReceipt(shard, manifest.FirstIndexOf(shard), (int)items, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        return new Receipt
        {
            BatchId = manifest.Id,
            Run = run,
            Stop = await FindStopAsync(manifest, run, counts),
            Items = manifest.ItemCount,
            Outcomes = counts.Total(),
            Counts = counts,
            Sha256 = Convert.ToHexStringLower(whole.GetHashAndReset()),
            ContentSha256 = manifest.ContentSha256,
            CreatedAt = manifest.CreatedAt,
            SealedAt = time.GetUtcNow(),
            Shards = shards,
        };
    }

    // A cancel or a deadline that came when everything was sent has changed nothing.
    async Task<BatchStop?> FindStopAsync(BatchManifest manifest, int run, OutcomeCounts counts)
    {
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        return control.FindStop(manifest, time.GetUtcNow()) is { } stop && (stop.Kind == StopKind.Failed || run > 1 || counts.Cancelled + counts.Expired > 0)
            ? stop
            : null;
    }
}
