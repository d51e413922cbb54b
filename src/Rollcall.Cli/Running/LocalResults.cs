using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// Reads the outcomes that a run of this machine has recorded, also while it runs. Outcomes are recorded by shards: those of a shard that
/// is not complete are in the engine alone, and are not read.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="request">Which results.</param>
/// <param name="output">Where they go. It is not closed.</param>
sealed class LocalResults(LocalRun run, ResultsRequest request, Stream output)
{
    readonly int number = request.Run ?? run.Control.Run;
    readonly LocalRunWatch watch = new(run, request.Run ?? run.Control.Run);
    Receipt? receipt;
    bool isMissing;

    /// <summary>How many outcomes were found.</summary>
    public long Recorded { get; private set; }

    /// <summary>How many results were written.</summary>
    public long Lines { get; private set; }

    /// <summary>The index of the first item that may still be missing.</summary>
    public long Next { get; private set; } = request.From;

    /// <summary>Whether the run has ended, and every result was found.</summary>
    public bool AreAll => receipt is not null && !isMissing;

    /// <summary>Whether results of the run before may be among them, which the run will replace.</summary>
    public bool IsOfTwoRuns => receipt is null && number > 1;

    /// <summary>Writes the results in input order.</summary>
    /// <param name="follow">Whether to wait for those that are not recorded yet.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="CliException">There is no such run, it is not going on, or its results are not what was recorded.</exception>
    /// <exception cref="DamagedDataException">Recorded results are damaged.</exception>
    public async Task WriteAsync(bool follow, CancellationToken stop)
    {
        receipt = await run.FindReceiptAsync(number);
        if (receipt is null && number != run.Control.Run)
        {
            throw CliException.Usage($"The run in '{run.Folder.Root}' has no run {number}: its newest is run {run.Control.Run}.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int shard = 0; shard < run.Manifest.ShardCount(); shard++)
        {
            await using var results = await FindAsync(shard, follow, stop);
            if (results is not null)
            {
                await CopyAsync(results, hash, firstIndex: 0, stop);
            }
            else if (receipt is not null)
            {
                await CopyOutputAsync(run.Manifest.FirstIndexOf(shard), stop);
                return;
            }
            else
            {
                isMissing = true;
            }
        }

        while (follow && receipt is null)
        {
            await WaitAsync(stop);
        }

        if (AreAll && Convert.ToHexStringLower(hash.GetHashAndReset()) != receipt!.Sha256)
        {
            throw CliException.NotFinished("The results are not those of the receipt: some were recorded anew while they were read.");
        }
    }

    // Null if a shard is not recorded; with a receipt, if the results are in the output alone.
    async Task<Stream?> FindAsync(int shard, bool follow, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            bool hasEnded = receipt is not null;
            if (await OpenAsync(shard, follow) is { } results)
            {
                return results;
            }

            // It may have ended since, and its results may have been deleted.
            receipt ??= await run.FindReceiptAsync(number);
            if (hasEnded || (receipt is null && !follow))
            {
                return null;
            }

            await (receipt is null ? WaitAsync(stop) : Task.CompletedTask);
        }
    }

    async Task<Stream?> OpenAsync(int shard, bool follow)
    {
        for (int from = number; from > 0; from--)
        {
            bool isOwn = from == number || receipt is not null;
            var results = await run.Store.OpenResultsAsync(
                run.Manifest.Id, from, shard, receipt?.Shards[shard].Sha256, CancellationToken.None);
            if (results is not null && (isOwn || !follow))
            {
                return results;
            }

            await using (results)
            {
                // A run that sends nothing of a shard leaves the earlier results as they are.
                if (results is not null && await HasSelectedAsync(results))
                {
                    return null;
                }
            }

            if (results is not null)
            {
                return await run.Store.OpenResultsAsync(run.Manifest.Id, from, shard, sha256: null, CancellationToken.None);
            }
        }

        return null;
    }

    async Task<bool> HasSelectedAsync(Stream results)
    {
        var reader = new ResultReader(results, []);
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            if (SelectItems.IsSelected(line, run.Control))
            {
                return true;
            }
        }

        return false;
    }

    async Task CopyOutputAsync(long firstIndex, CancellationToken stop)
    {
        string path = run.Content.Output ?? "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await using var file = File.OpenRead(path);
            await CopyAsync(file, hash, firstIndex, stop);
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Then it has not the hash.
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != receipt!.Sha256)
        {
            throw CliException.NotFinished($"The results are in '{path}' alone, which is gone or has changed since it was written.");
        }
    }

    async Task CopyAsync(Stream results, IncrementalHash hash, long firstIndex, CancellationToken stop)
    {
        var reader = new ResultReader(results, [hash]);
        while (await reader.CopyAsync(IsWanted, output, stop) is { } line)
        {
            if (line.Index >= firstIndex)
            {
                Recorded++;
                Lines += IsWanted(line) ? 1 : 0;
                Next = Math.Max(Next, line.Index + 1);
            }
        }

        await output.FlushAsync(stop);
        watch.NoteProgress();

        bool IsWanted(ResultLine line) => line.Index >= firstIndex
            && line.Index >= request.From
            && (request.Statuses.Count == 0 || request.Statuses.Contains(line.Status))
            && (request.Codes.Count == 0 || (line.ErrorCode is { } code && request.Codes.Contains(code)));
    }

    async Task WaitAsync(CancellationToken stop) => receipt = await watch.WaitAsync(Lines, Next, stop);
}
