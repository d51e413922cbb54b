using System.Security.Cryptography;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Intake;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The results of a run in the format of its output, in input order.</summary>
/// <param name="store">Where the shards are.</param>
sealed class RunOutput(RunSettings settings, IBatchStore store, BatchManifest manifest, Receipt receipt)
{
    const int BufferSize = 128 * 1024;

    /// <summary>The SHA-256 of an output that is not what the receipt is of; null for one that is.</summary>
    /// <exception cref="CliException">See <see cref="WriteAsync"/>.</exception>
    public async Task<string?> FindHashAsync(CancellationToken stop)
    {
        if (settings.OutputFormat == ResultFormat.Jsonl)
        {
            return null;
        }

        using var hash = SHA256.Create();
        await using var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write);
        await WriteAsync(stream, stop);
        await stream.FlushFinalBlockAsync(stop);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>Writes the results.</summary>
    /// <param name="output">The destination. It is not closed.</param>
    /// <exception cref="CliException">The shards together do not match the receipt, or the input has changed.</exception>
    /// <exception cref="DamagedDataException">A shard does not match the receipt.</exception>
    public async Task WriteAsync(Stream output, CancellationToken stop)
    {
        if (settings.OutputFormat == ResultFormat.Jsonl)
        {
            await JoinAsync(output, stop);
            return;
        }

        // Not disposed of, because that would close the output.
        var buffered = new BufferedStream(output, BufferSize);
        await using var input = await InputColumns.OpenAsync(settings, manifest, stop);
        await using (var table = new CsvResultStream(
            buffered, manifest.Options.Record, input?.Names, input is null ? null : input.NextAsync))
        {
            await JoinAsync(table, stop);
        }

        await (input?.FinishAsync() ?? ValueTask.CompletedTask);
        await buffered.FlushAsync(stop);
    }

    async Task JoinAsync(Stream output, CancellationToken stop)
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
                ?? throw CliException.NotFinished($"The results of shard {shard} are missing from the state folder.");
            int read;
            while ((read = await results.ReadAsync(buffer, stop)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await output.WriteAsync(buffer.AsMemory(0, read), stop);
            }
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != receipt.Sha256)
        {
            throw CliException.NotFinished(
                "The stored results do not match the receipt: something else has changed the state folder.");
        }
    }
}

/// <summary>The columns of a CSV input, read again beside the results.</summary>
sealed class InputColumns : IAsyncDisposable
{
    readonly BatchManifest manifest;
    readonly InputStream stream;
    readonly OpenedInput input;
    readonly ContentHash content = new();
    readonly IAsyncEnumerator<Items.BatchItem> items;
    IReadOnlyList<string> values = [];

    InputColumns(RunSettings settings, BatchManifest manifest, InputStream stream, OpenedInput input, CancellationToken stop)
    {
        this.manifest = manifest;
        this.stream = stream;
        this.input = input;
        Names = [.. input.Columns.Select(column => column.Name)];
        items = content.PassAsync(
            InputItems.ReadAsync(settings, input, row => values = CsvText.ValuesOf(row.Payload), stop),
            stop).GetAsyncEnumerator(stop);
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens the input of a run.</summary>
    /// <returns>Null if it has no columns, or cannot be read again.</returns>
    /// <exception cref="CliException">The input cannot be read.</exception>
    public static async Task<InputColumns?> OpenAsync(RunSettings settings, BatchManifest manifest, CancellationToken stop)
    {
        if (settings.Input == InputFile.StandardInputName || settings.Items.Format is not (InputFormat.Csv or InputFormat.Tsv))
        {
            return null;
        }

        var stream = await InputFile.OpenAsync(settings.Input, Console.OpenStandardInput, stop);
        return new InputColumns(settings, manifest, stream, await InputItems.OpenAsync(settings, stream, _ => { }, stop), stop);
    }

    /// <summary>The values of the next item.</summary>
    /// <exception cref="CliException">There is none: the input has changed.</exception>
    public async ValueTask<IReadOnlyList<string>> NextAsync() => await items.MoveNextAsync() ? values : throw Changed();

    /// <summary>Requires that the items were those of the batch.</summary>
    /// <exception cref="CliException">They were not: the input has changed.</exception>
    public async ValueTask FinishAsync()
    {
        if (await items.MoveNextAsync() || content.Finish() != manifest.ContentSha256)
        {
            throw Changed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await items.DisposeAsync();
        content.Dispose();
        await input.DisposeAsync();
        await stream.DisposeAsync();
    }

    static CliException Changed() => CliException.NotFinished(
        "The input has changed since the items were sent, so its columns cannot be written beside the results. Restore it, or run the same "
        + "command with --output-format jsonl and another --out; nothing is sent again.");
}
