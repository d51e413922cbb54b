using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The results in one file, in input order.</summary>
static class OutputFile
{
    const int BufferSize = 128 * 1024;

    /// <summary>Joins the shards' results, and requires that the whole is what the receipt says.</summary>
    /// <param name="store">Where the shards are.</param>
    /// <param name="stop">Ends the wait for whoever reads a pipe.</param>
    /// <returns>A task that ends when a file is durable.</returns>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="CliException">
    /// The shards together are not what the receipt says, or something else is in the output's place.
    /// </exception>
    /// <exception cref="DamagedDataException">A shard is not what the receipt says.</exception>
    public static Task WriteAsync(
        RunSettings settings, IBatchStore store, BatchManifest manifest, Receipt receipt, CancellationToken stop) =>
        settings.Output.WriteAsync(
        async output =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[BufferSize];
            for (int shard = 0; shard < manifest.ShardCount(); shard++)
            {
                await using var results = await RunResults.OpenAsync(
                    store,
                    manifest.Id,
                    receipt.Run,
                    shard,
                    receipt,
                    CancellationToken.None)
                    ?? throw CliException.NotFinished($"The results of shard {shard} are gone from the state folder.");
                int read;
                while ((read = await results.ReadAsync(buffer)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await output.WriteAsync(buffer.AsMemory(0, read), stop);
                }
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != receipt.Sha256)
            {
                throw CliException.NotFinished(
                    "The stored results are not what the receipt says: the state folder was changed from outside.");
            }
        },
        $" The results are in the state folder '{settings.StateFolder}': run the same command with another --out to get them; nothing is "
        + "sent again.",
        stop);

    /// <summary>Requires that the output is not the input.</summary>
    /// <exception cref="CliException">It is.</exception>
    public static void RequireOther(RunSettings settings)
    {
        if (settings.Output.Before is { Kind: FileKind.Regular } before && FileFacts.AreSame(before, InputFile.Find(settings.Input)))
        {
            throw CliException.Usage($"The output '{settings.Output.Name}' is the input itself. Name another file with --out.");
        }
    }

    /// <summary>Requires that the output is not somebody else's file, as far as the state folder tells.</summary>
    /// <param name="known">What the state folder says of the run that goes on; null where one begins.</param>
    /// <exception cref="CliException">It is.</exception>
    public static void RequireUsable(RunSettings settings, RunStateFile? known)
    {
        var output = settings.Output;
        if (output.IsFile
            && output.Before is not null
            && !settings.Fresh
            && (known is null || (known.Output ?? output.Path) != output.Path))
        {
            throw CliException.Usage(known is null
                ? $"The output '{output.Name}' exists already. Name another file with --out, or replace it with --fresh."
                : $"The output '{output.Name}' exists already, and is not of the run in '{settings.StateFolder}', whose output is "
                    + $"'{known.Output}'. Name that with --out.");
        }
    }

    /// <summary>Requires that the output of a run that goes on, and has not written it, is what it was when the run began.</summary>
    /// <exception cref="CliException">Something else has made or changed it.</exception>
    public static void RequireOwn(RunSettings settings, RunState state)
    {
        if (settings.Output is { IsFile: true, Before: { } before } && before.Stamp != state.Replaces)
        {
            throw CliException.Usage(
                $"The output '{settings.Output.Name}' exists already, and the run in '{settings.StateFolder}' did not write it. Name "
                + "another file with --out; what is recorded is kept.");
        }
    }

    /// <summary>Whether the output is there already, and what the receipt says.</summary>
    public static async Task<bool> IsWrittenAsync(OutputTarget output, Receipt receipt) =>
        output is { IsFile: true, Before: not null } && await HashAsync(output.Path) == receipt.Sha256;

    /// <summary>Requires that an output that was written is still what the receipt says.</summary>
    /// <param name="written">The full path of the file that was written; null where it is not known.</param>
    /// <returns>A task that ends when it is known.</returns>
    /// <exception cref="CliException">It is another file, or is gone or was changed.</exception>
    public static async Task RequireUnchangedAsync(OutputTarget output, string? written, Receipt receipt)
    {
        const string Advice = "It was written once; send the batch again with --fresh.";
        if (written is not null && written != output.Path)
        {
            throw CliException.Usage($"The batch is done, and its results were written to '{written}'. Name that with --out, or copy it.");
        }

        if (!File.Exists(output.Path))
        {
            throw CliException.NotFinished($"The batch is done, but its output '{output.Name}' is gone. {Advice}");
        }

        if (await HashAsync(output.Path) != receipt.Sha256)
        {
            throw CliException.NotFinished($"The batch is done, but its output '{output.Name}' was changed since. {Advice}");
        }
    }

    /// <summary>Requires that an output which a run that goes on writes anew has nothing in it but what the run wrote.</summary>
    /// <param name="written">The receipt of what was written.</param>
    /// <returns>A task that ends when it is known.</returns>
    /// <exception cref="CliException">It was changed since.</exception>
    public static async Task RequireReplaceableAsync(OutputTarget output, Receipt written)
    {
        if (output is { IsFile: true, Before: not null } && !await IsWrittenAsync(output, written))
        {
            throw CliException.Usage(
                $"The output '{output.Name}' was changed since it was written, and this run would write it anew. Move it away, and run "
                + "the same command again.");
        }
    }

    static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
