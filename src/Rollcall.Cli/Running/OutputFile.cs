using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The results in one file, in input order.</summary>
static class OutputFile
{
    /// <summary>Writes the results.</summary>
    /// <param name="stop">Ends the wait for the reader of a pipe.</param>
    /// <returns>A task that ends when a file is durable.</returns>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="CliException">See <see cref="RunOutput"/>; or something else created or changed the output.</exception>
    /// <exception cref="DamagedDataException">A shard does not match the receipt.</exception>
    public static Task WriteAsync(RunSettings settings, RunOutput results, CancellationToken stop) =>
        settings.Output.WriteAsync(
            output => results.WriteAsync(output, stop),
            $" The results are in the state folder '{settings.StateFolder}': run the same command with another --out to get them; "
            + "nothing is sent again.",
            stop);

    /// <summary>Requires that the output is not the input.</summary>
    /// <exception cref="CliException">It is.</exception>
    public static void RequireOther(RunSettings settings)
    {
        if (settings.Output.Before is { Kind: FileKind.Regular } before && FileFacts.AreSame(before, InputFile.Find(settings.Input)))
        {
            throw CliException.Usage($"The output '{settings.Output.Name}' is the input itself. Choose another file with --out.");
        }
    }

    /// <summary>Requires that the output does not belong to something else, as far as the state folder tells.</summary>
    /// <param name="known">What the state folder says about the run to resume; null if a run begins.</param>
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
                ? $"The output '{output.Name}' already exists. Choose another file with --out, or replace it with --fresh."
                : $"The output '{output.Name}' already exists and does not belong to the run in '{settings.StateFolder}', whose output "
                    + $"is '{known.Output}'. Use that one with --out.");
        }
    }

    /// <summary>Requires that the output of a resumed run that has not written it is as it was when the run began.</summary>
    /// <exception cref="CliException">Something else created or changed it.</exception>
    public static void RequireOwn(RunSettings settings, RunState state)
    {
        if (settings.Output is { IsFile: true, Before: { } before } && before.Stamp != state.Replaces)
        {
            throw CliException.Usage(
                $"The output '{settings.Output.Name}' already exists, and the run in '{settings.StateFolder}' did not write it. Choose "
                + "another file with --out; what is recorded is kept.");
        }
    }

    /// <summary>Whether the output already exists and is what the run writes.</summary>
    /// <param name="sha256">The SHA-256 of what it writes.</param>
    public static async Task<bool> IsWrittenAsync(OutputTarget output, string sha256) =>
        output is { IsFile: true, Before: not null } && await HashAsync(output.Path) == sha256;

    /// <summary>Requires that a written output still matches the receipt.</summary>
    /// <param name="written">The full path of the file that was written; null if it is not known.</param>
    /// <exception cref="CliException">It is another file, or is gone, or has changed.</exception>
    public static async Task RequireUnchangedAsync(OutputTarget output, string? written, Receipt receipt)
    {
        const string Advice = "It is written only once; to send the batch again, use --fresh.";
        if (written is not null && written != output.Path)
        {
            throw CliException.Usage(
                $"The batch is done, and its results were written to '{written}'. Use that one with --out, or copy it.");
        }

        if (!File.Exists(output.Path))
        {
            throw CliException.NotFinished($"The batch is done, but its output '{output.Name}' is gone. {Advice}");
        }

        if (await HashAsync(output.Path) != receipt.Sha256)
        {
            throw CliException.NotFinished($"The batch is done, but its output '{output.Name}' has changed since. {Advice}");
        }
    }

    /// <summary>Requires that an output which a resumed run will replace contains only what the run wrote.</summary>
    /// <param name="sha256">The SHA-256 of what was written; several if it is not certain which was written last.</param>
    /// <exception cref="CliException">It has changed since.</exception>
    public static async Task RequireReplaceableAsync(OutputTarget output, IReadOnlyList<string> sha256)
    {
        if (output is { IsFile: true, Before: not null } && !sha256.Contains(await HashAsync(output.Path)))
        {
            throw CliException.Usage(
                $"The output '{output.Name}' has changed since it was written, and this run would overwrite it. Move it away, and "
                + "run the same command again.");
        }
    }

    static async Task<string> HashAsync(string path)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
