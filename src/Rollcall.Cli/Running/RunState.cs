using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Serialization;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The folder that makes a run resumable: the batch's store, the engine's database, and a file that names the batch.</summary>
sealed class RunState
{
    const string FileName = "rollcall-run.json";

    readonly string folder;

    RunState(string folder, string batchId, bool isNew)
    {
        this.folder = folder;
        BatchId = batchId;
        IsNew = isNew;
    }

    /// <summary>The batch that this folder is of.</summary>
    public string BatchId { get; }

    /// <summary>Whether this run made the folder.</summary>
    public bool IsNew { get; }

    /// <summary>The engine's database.</summary>
    public string DatabasePath => Path.Combine(folder, "engine.db");

    /// <summary>The root of the batch's store.</summary>
    public string StoreRoot => Path.Combine(folder, "batches");

    /// <summary>The receipt for the user.</summary>
    public string ReceiptPath => Path.Combine(folder, "receipt.json");

    /// <summary>Opens a state folder, or makes one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fresh">Whether to throw away what is in it first.</param>
    /// <returns>The state.</returns>
    /// <exception cref="CliException">The folder is not one of Rollcall's, or cannot be written.</exception>
    public static async Task<RunState> OpenAsync(string folder, bool fresh)
    {
        string file = Path.Combine(folder, FileName);
        if (Directory.Exists(folder) && !File.Exists(file) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw CliException.Usage($"'{folder}' is not a state folder of rollcall run, and is not empty. Name another one with --state.");
        }

        try
        {
            if (fresh && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            return File.Exists(file) ? await ReadAsync(folder, file) : await CreateAsync(folder, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The state folder '{folder}' cannot be used: {exception.Message} Name another one with --state.");
        }
    }

    /// <summary>Whether the output was written whole. From then on only the output has the results.</summary>
    public bool IsDelivered => File.Exists(ReceiptPath);

    /// <summary>Notes that the output is written, by keeping the receipt for the user.</summary>
    /// <param name="receipt">The batch's receipt.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public Task MarkDeliveredAsync(Receipt receipt) =>
        DurableFile.WriteAsync(ReceiptPath, stream => JsonSerializer.SerializeAsync(stream, receipt, RollcallJson.Indented.Receipt));

    /// <summary>
    /// Deletes what only a run in progress needs; called again after a crash, it deletes the rest. The batch's manifest and receipt stay,
    /// so that a next run knows that it is done.
    /// </summary>
    public void DiscardWork()
    {
        string batch = Path.Combine(StoreRoot, BatchId);
        foreach (string path in Directory.EnumerateFiles(folder, "engine.db*").Concat(Directory.EnumerateFiles(batch, "items.*")))
        {
            File.Delete(path);
        }

        foreach (string path in Directory.EnumerateDirectories(batch))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Deletes the folder, where nothing in it is worth keeping.</summary>
    public void Delete() => Directory.Delete(folder, recursive: true);

    static async Task<RunState> ReadAsync(string folder, string file)
    {
        await using var stream = File.OpenRead(file);
        try
        {
            var content = await JsonSerializer.DeserializeAsync(stream, CliJson.Default.RunStateFile);
            return new RunState(folder, content!.BatchId, isNew: false);
        }
        catch (JsonException exception)
        {
            throw CliException.Usage($"'{file}' cannot be read ({exception.Message}). Use --fresh to begin anew.");
        }
    }

    static async Task<RunState> CreateAsync(string folder, string file)
    {
        Directory.CreateDirectory(Path.Combine(folder, "batches"));
        string batchId = "run-" + Guid.CreateVersion7().ToString("N");
        await DurableFile.WriteAsync(file, stream => JsonSerializer.SerializeAsync(stream, new RunStateFile(batchId), CliJson.Default.RunStateFile));
        return new RunState(folder, batchId, isNew: true);
    }
}
