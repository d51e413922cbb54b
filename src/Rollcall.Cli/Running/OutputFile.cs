using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The results in one file, in input order.</summary>
static class OutputFile
{
    const int BufferSize = 128 * 1024;

    /// <summary>Joins the shards' results, and requires that the whole is what the receipt says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="store">Where the shards are.</param>
    /// <param name="manifest">The batch.</param>
    /// <param name="receipt">Its receipt.</param>
    /// <returns>A task that ends when the file is durable.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="CliException">The shards are not what the receipt says.</exception>
    public static Task WriteAsync(string path, IBatchStore store, BatchManifest manifest, Receipt receipt) =>
        DurableFile.WriteAsync(Path.GetFullPath(path), async output =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[BufferSize];
            for (int shard = 0; shard < manifest.ShardCount(); shard++)
            {
                await using var results = await RunResults.OpenAsync(store, manifest.Id, receipt.Run, shard, CancellationToken.None)
                    ?? throw CliException.NotFinished($"The results of shard {shard} are gone from the state folder.");
                int read;
                while ((read = await results.ReadAsync(buffer)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await output.WriteAsync(buffer.AsMemory(0, read));
                }
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != receipt.Sha256)
            {
                throw CliException.NotFinished("The stored results are not what the receipt says: the state folder was changed from outside.");
            }
        });

    /// <summary>Requires that the output can be written, and is not somebody else's file.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="known">What the state folder says of the run that goes on; null where one begins.</param>
    /// <exception cref="CliException">It cannot, or is.</exception>
    public static void RequireUsable(RunSettings settings, RunStateFile? known)
    {
        string path = Path.GetFullPath(settings.Output);
        if (Directory.Exists(path))
        {
            throw CliException.Usage($"The output '{settings.Output}' is a folder. Name a file with --out.");
        }

        if (File.Exists(path) && !settings.Fresh && (known is null || (known.Output ?? path) != path))
        {
            throw CliException.Usage(known is null
                ? $"The output '{settings.Output}' exists already. Name another file with --out, or replace it with --fresh."
                : $"The output '{settings.Output}' exists already, and is not of the run in '{settings.StateFolder}', whose output is '{known.Output}'. Name that with --out.");
        }

        try
        {
            // Under a name that nothing else has.
            string probe = $"{path}.{Guid.NewGuid():N}.tmp";
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The output '{settings.Output}' cannot be written: {Sentence.Of(exception.Message)}");
        }
    }

    /// <summary>Requires that an output that was written is still what the receipt says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="written">The full path of the file that was written; null where it is not known.</param>
    /// <param name="receipt">The receipt.</param>
    /// <returns>A task that ends when it is known.</returns>
    /// <exception cref="CliException">It is another file, or is gone or was changed.</exception>
    public static async Task RequireUnchangedAsync(string path, string? written, Receipt receipt)
    {
        const string Advice = "It was written once; send the batch again with --fresh.";
        if (written is not null && written != Path.GetFullPath(path))
        {
            throw CliException.Usage($"The batch is done, and its results were written to '{written}'. Name that with --out, or copy it.");
        }

        if (!File.Exists(path))
        {
            throw CliException.NotFinished($"The batch is done, but its output '{path}' is gone. {Advice}");
        }

        if (await HashAsync(path) != receipt.Sha256)
        {
            throw CliException.NotFinished($"The batch is done, but its output '{path}' was changed since. {Advice}");
        }
    }

    /// <summary>Requires that an output which a run that goes on writes anew has nothing in it but what the run wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="receipt">The receipt of what was written.</param>
    /// <returns>A task that ends when it is known.</returns>
    /// <exception cref="CliException">It was changed since.</exception>
    public static async Task RequireReplaceableAsync(string path, Receipt receipt)
    {
        if (File.Exists(path) && await HashAsync(path) != receipt.Sha256)
        {
            throw CliException.Usage($"The output '{path}' was changed since it was written, and this run would write it anew. Move it away, and run the same command again.");
        }
    }

    static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
