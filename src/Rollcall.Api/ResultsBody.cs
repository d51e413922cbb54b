using System.IO.Compression;
using Rollcall.Api.Requests;
using Rollcall.Batches;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Api;

/// <summary>The body of a response with results. If it cannot be written to its end, it breaks off and never looks complete.</summary>
/// <param name="store">Where the batch is stored.</param>
/// <param name="run">The requested run.</param>
/// <param name="receipt">The run's receipt, whose hashes the results must have; null if the run is not sealed.</param>
/// <param name="shards">The shards to read, in order.</param>
/// <param name="query">Which results are requested, and in which format.</param>
sealed class ResultsBody(
    IBatchStore store, BatchManifest manifest, int run, Receipt? receipt, IAsyncEnumerable<int> shards, ResultsQuery query)
{
    const int BufferSize = 64 * 1024;

    // RFC 1952: the header, an empty block, and the CRC and length of nothing.
    static readonly byte[] EmptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Writes the results as gzip.</summary>
    public async Task CompressAsync(Stream body, CancellationToken cancellationToken)
    {
        // Not disposed after a failure: its trailer would make a truncated response look complete.
        var compressed = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);
        bool isEmpty = !await WriteAsync(compressed, cancellationToken);
        await compressed.DisposeAsync();
        if (isEmpty)
        {
            // For no input the stream writes no output, which is not valid gzip.
            await body.WriteAsync(EmptyGzip, cancellationToken);
        }
    }

    /// <summary>Writes the results uncompressed.</summary>
    /// <returns>Whether there was anything to write.</returns>
    public async Task<bool> WriteAsync(Stream body, CancellationToken cancellationToken)
    {
        // Not disposed, because that would close the body.
        var buffered = new BufferedStream(body, BufferSize);
        if (query.Format == ResultFormat.Jsonl)
        {
            return await CopyAsync(buffered, cancellationToken);
        }

        // Not disposed after a failure: if the body cannot be written, the disposal would hide that failure.
        var table = new CsvResultStream(buffered, manifest.Options.Record);
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
            // If the store has lost something, a response that has begun can only break off, which the caller notices.
            await using var results = await RunResults.OpenAsync(store, manifest.Id, run, shard, receipt, cancellationToken)
                ?? throw new InvalidDataException($"Shard {shard} of batch '{manifest.Id}' has no results.");
            var reader = new ResultReader(results, []);
            while (await reader.CopyAsync(query.Wants, target, cancellationToken) is { } line)
            {
                hasLines = hasLines || query.Wants(line);
            }

            if (hasLines)
            {
                // A reader waits for whole shards, so each is flushed. Flushing nothing would leave a gzip stream without its trailer.
                await target.FlushAsync(cancellationToken);
            }
        }

        return hasLines;
    }
}
