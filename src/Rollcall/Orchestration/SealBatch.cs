using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SealBatch"/>.</summary>
/// <param name="Run">The run that is sealed, from 1.</param>
public sealed record BatchRunAddress(string BatchId, int Run);

/// <summary>
/// Seals a batch: reads back every stored result line, requires exactly one per item, in input order, with the body that was received, and
/// writes the receipt. It does not trust any count of the orchestrators. If a shard fails this check, the batch is not sealed and the shard
/// is reported.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="controls">Knows why items were left unsent.</param>
/// <param name="telemetry">Records the batch's end.</param>
[DurableTask(nameof(SealBatch))]
public sealed class SealBatch(IBatchStore store, BatchControls controls, TimeProvider time, BatchTelemetry? telemetry = null)
    : TaskActivity<BatchRunAddress, SealResult>
{
    // Keeps the orchestration's history small; any further lost shards are found the next time.
    const int MostLost = 1000;

    /// <inheritdoc/>
    public override async Task<SealResult> RunAsync(TaskActivityContext context, BatchRunAddress input)
    {
        var receipt = await store.FindReceiptAsync(input.BatchId, input.Run, CancellationToken.None);
        if (receipt is null)
        {
            long began = time.GetTimestamp();
            (var made, var lost) = await ReadBackAsync(await store.GetManifestAsync(input.BatchId), input.Run);
            if (lost.Count > 0)
            {
                return new SealResult(Whole: null, lost);
            }

            await store.WriteReceiptAsync(made, CancellationToken.None);

            // Another process may have sealed the batch first; its receipt is the one that counts.
            receipt = await store.FindReceiptAsync(input.BatchId, input.Run, CancellationToken.None)
                ?? throw new InvalidOperationException($"Batch '{input.BatchId}' has no receipt right after it was written.");
            if (receipt.SealedAt == made.SealedAt)
            {
                telemetry?.BatchSealed(receipt, time.GetElapsedTime(began));
            }
        }

        return new SealResult(new SealedBatch(receipt.Outcomes, receipt.Counts, receipt.Sha256, receipt.SealedAt, receipt.Stop), []);
    }

    async Task<(Receipt Receipt, IReadOnlyList<LostShard> Lost)> ReadBackAsync(BatchManifest manifest, int run)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var body = new LineBody();
        var sums = new LineSums();
        var shards = new List<ShardReceipt>(manifest.ShardCount());
        var lost = new List<LostShard>();
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        var earlier = run > 1 ? await store.FindReceiptAsync(manifest.Id, run - 1, CancellationToken.None) : null;
        await using var ahead = new ResultsAhead(store, manifest, run, earlier);
        for (int shard = 0; shard < manifest.ShardCount() && lost.Count < MostLost; shard++)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            ResultReader Read(Stream stream) => new(stream, [hash, whole], body);
            if (await FindFaultAsync(manifest, run, shard, control, ahead, Read, sums) is { } fault)
            {
                lost.Add(new LostShard(shard, fault));
                continue;
            }

            shards.Add(
                new ShardReceipt(
                    shard,
                    manifest.FirstIndexOf(shard),
                    manifest.ItemsIn(shard),
                    Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        var receipt = new Receipt
        {
            BatchId = manifest.Id,
            Run = run,
            Stop = FindStop(manifest, control, run, sums.Counts),
            Items = manifest.ItemCount,
            Outcomes = sums.Counts.Total(),
            Counts = sums.Counts,
            Totals = sums.Totals,
            Sha256 = Convert.ToHexStringLower(whole.GetHashAndReset()),
            ContentSha256 = manifest.ContentSha256,
            Replaced = manifest.Replacements?.Select(set => new Replacement
            {
                Run = set.Run,
                Indexes = set.Indexes,
                ContentSha256 = set.ContentSha256,
            }).ToList(),
            CreatedAt = manifest.CreatedAt,
            SealedAt = time.GetUtcNow(),
            Shards = shards,
        };
        return (receipt, lost);
    }

    /// <summary>Checks a shard's results.</summary>
    /// <returns>Why they are not what the run has recorded, so that they must be made again; null if they are.</returns>
    /// <exception cref="DamagedDataException">The results of an earlier, sealed run are damaged: this can only be reported.</exception>
    async Task<string?> FindFaultAsync(
        BatchManifest manifest,
        int run,
        int shard,
        BatchControl control,
        ResultsAhead ahead,
        Func<Stream, ResultReader> read,
        LineSums sums)
    {
        string missing = $"Shard {shard} of batch '{manifest.Id}' has no results.";
        await using var opened = await ahead.OpenNextAsync();
        if (opened.IsKept)
        {
            bool isStopped = control.FindStop(manifest, time.GetUtcNow()) is not null;
            var kept = opened.Results ?? throw new InvalidOperationException(missing);
            bool isWhole = await ReadAsync(
                manifest,
                shard,
                read(kept),
                sums,
                line => isStopped || !SelectItems.IsSelected(line, control));
            return isWhole ? null : missing;
        }

        string? damage = opened.Damage;
        try
        {
            if (opened.Results is { } results)
            {
                await ReadAsync(manifest, shard, read(results), sums, isKept: _ => true);
                return null;
            }
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException)
        {
            damage = exception.Message;
        }

        await (damage is null ? Task.CompletedTask : store.DeleteResultsAsync(manifest.Id, run, shard, CancellationToken.None));
        return damage ?? missing;
    }

    static async Task<bool> ReadAsync(
        BatchManifest manifest, int shard, ResultReader reader, LineSums sums, Func<ResultLine, bool> isKept)
    {
        bool areKept = true;
        long index = manifest.FirstIndexOf(shard);
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            if (line.Index != index)
            {
                throw new InvalidOperationException($"Shard {shard} has the result of item {line.Index} in the place of item {index}.");
            }

            sums.Add(line);
            areKept &= isKept(line);
            index++;
        }

        long items = index - manifest.FirstIndexOf(shard);
        if (items != manifest.ItemsIn(shard))
        {
            throw new InvalidOperationException($"Shard {shard} has {items} results for {manifest.ItemsIn(shard)} items.");
        }

        return areKept;
    }

    // A cancellation or a deadline that came after everything was sent has changed nothing.
    BatchStop? FindStop(BatchManifest manifest, BatchControl control, int run, OutcomeCounts counts) =>
        control.FindStop(manifest, time.GetUtcNow()) is { } stop
            && (stop.Kind == StopKind.Failed || run > 1 || counts.Cancelled + counts.Expired > 0)
            ? stop
            : null;
}

/// <summary>The output of <see cref="SealBatch"/>.</summary>
/// <param name="Whole">The sealed batch; null if it could not be sealed.</param>
/// <param name="Lost">The first of the shards whose results are missing or damaged: they must be run again.</param>
public sealed record SealResult(SealedBatch? Whole, [property: JsonRequired] IReadOnlyList<LostShard> Lost);

/// <summary>The output of a batch's orchestration. The complete proof is the receipt in the store.</summary>
/// <param name="Items">The number of items, which is also the number of outcomes.</param>
/// <param name="Counts">The number of outcomes of each kind.</param>
/// <param name="Sha256">The SHA-256 of the complete results.</param>
/// <param name="SealedAt">When the batch was sealed.</param>
/// <param name="Stop">Why items were left unsent; null if none were.</param>
public sealed record SealedBatch(long Items, OutcomeCounts Counts, string Sha256, DateTimeOffset SealedAt, BatchStop? Stop = null);

/// <summary>A shard whose results are not what was recorded.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Reason">What is wrong with them.</param>
public sealed record LostShard(int Shard, string Reason);
