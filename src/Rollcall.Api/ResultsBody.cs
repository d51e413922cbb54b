using System.IO.Compression;
using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>The body of an answer that has results. Where it cannot be written to its end it breaks off, and never looks whole.</summary>
/// <param name="store">Where the batch is.</param>
/// <param name="run">The run that is asked for.</param>
/// <param name="receipt">The run's receipt, whose hashes they must have; null where the run is not sealed.</param>
/// <param name="shards">The shards to take them from, in order.</param>
/// <param name="query">Which of them are asked for, and as what.</param>
sealed class ResultsBody(
    IBatchStore store, BatchManifest manifest, int run, Receipt? receipt, IAsyncEnumerable<int> shards, ResultsQuery query)
{
    const int BufferSize = 64 * 1024;

    // RFC 1952: the header, an empty block, and the CRC and length of nothing.
    static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes them as gzip.</summary>
    public async Task CompressAsync(Stream body, CancellationToken cancellationToken)
    {
        // Not disposed of after a failure: its end would make what broke off look whole.
        var compressed = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
        bool isEmpty = !await WriteAsync(compressed, cancellationToken);
        await compressed.DisposeAsync();
        if (isEmpty)
        {
            // The stream makes nothing of nothing, which is not gzip.
            await body.WriteAsync(EmptyGzip, cancellationToken);
        }
    }

    /// <summary>Writes them as they are.</summary>
    /// <returns>Whether there was anything to write.</returns>
    public async Task<bool> WriteAsync(Stream body, CancellationToken cancellationToken)
    {
        // Not disposed of, which would close the body.
        var buffered = new BufferedStream(body, BufferSize);
        if (query.Format == ResultFormat.Jsonl)
        {
            return await CopyAsync(buffered, cancellationToken);
        }

        // Not disposed of after a failure, which would hide it where the body cannot be written.
        var table = new CsvResultStream(buffered);
        await CopyAsync(table, cancellationToken);
        await table.FlushAsync(cancellationToken);
        await table.DisposeAsync();
        return true;
    }

    async Task<bool> CopyAsync(Stream target, CancellationToken cancellationToken)
    {
        bool hasLines = false;
        await foreach (int shard in shards.WithCancellation(cancellationToken))
        {
            // An answer that has begun can only break off, which the caller sees, where the store has lost something.
            await using var results = await RunResults.OpenAsync(store, manifest.Id, run, shard, receipt, cancellationToken)
                ?? throw new InvalidDataException($"Shard {shard} of batch '{manifest.Id}' has no results.");
            var reader = new ResultReader(results, []);
            while (await reader.CopyAsync(query.Wants, target, cancellationToken) is { } line)
            {
                hasLines = hasLines || query.Wants(line);
            }

            if (hasLines)
            {
                // A shard is what a reader waits for. A flush of nothing would leave a gzip stream without its end.
                await target.FlushAsync(cancellationToken);
            }
        }

        return hasLines;
    }
}
