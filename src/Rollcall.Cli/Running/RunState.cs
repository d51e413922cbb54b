using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Serialization;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>The folder that makes a run resumable: the batch's store, the engine's database, and a file that names the batch.</summary>
sealed class RunState
{
    const string DatabaseName = "engine.db";
    const string StoreName = "batches";
    const string ReceiptName = "receipt.json";

    readonly string folder;
    RunStateFile content;

    RunState(string folder, RunStateFile content, bool isNew)
    {
        this.folder = folder;
        this.content = content;
        IsNew = isNew;
    }

    /// <summary>The batch that this folder is of.</summary>
    public string BatchId => content.BatchId;

    /// <summary>The full path of its output; null where it is not known.</summary>
    public string? Output => content.Output;

    /// <summary>What a line of its input is; null where it is not known.</summary>
    public LineFormat? Lines => content.Lines;

    /// <summary>Whether this run made the folder.</summary>
    public bool IsNew { get; }

    /// <summary>The engine's database.</summary>
    public string DatabasePath => Path.Combine(folder, DatabaseName);

    /// <summary>The root of the batch's store.</summary>
    public string StoreRoot => Path.Combine(folder, StoreName);

    /// <summary>The receipt for the user.</summary>
    public string ReceiptPath => Path.Combine(folder, ReceiptName);

    /// <summary>Opens a run's state folder, or makes one.</summary>
    /// <param name="settings">What to do.</param>
    /// <returns>The state.</returns>
    /// <exception cref="CliException">The folder is not one of Rollcall's or cannot be written, or the output is not the run's.</exception>
    /// <exception cref="SqliteStorageException">The state is to be thrown away, and another run is using it.</exception>
    public static async Task<RunState> OpenAsync(RunSettings settings)
    {
        string folder = settings.StateFolder;
        string file = Path.Combine(folder, RunStateFile.Name);
        try
        {
            if (Directory.Exists(folder) && !File.Exists(file) && Directory.EnumerateFileSystemEntries(folder).Any(IsOthers))
            {
                throw CliException.Usage($"'{folder}' is not a state folder of rollcall run, and is not empty. Name another one with --state.");
            }

            var known = !settings.Fresh && File.Exists(file) ? await RunStateFile.ReadAsync(file) : null;
            OutputFile.RequireUsable(settings, known);
            if (settings.Fresh && File.Exists(file))
            {
                await ClearAsync(folder);
            }

            return known is null ? await CreateAsync(folder, file, settings) : new RunState(folder, known, isNew: false);
        }
        catch (IOException exception) when (DiskFull.IsReasonOf(exception))
        {
            throw CliException.NotFinished($"The state folder '{folder}' cannot be written: {Sentence.Of(exception.Message)} Make room{settings.HowToGoOn}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The state folder '{folder}' cannot be used: {Sentence.Of(exception.Message)} Name another one with --state.");
        }
    }

    /// <summary>Notes where the output goes, before it is written.</summary>
    /// <param name="path">The full path.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public async Task NameOutputAsync(string path)
    {
        if (path != Output)
        {
            var next = content with { Output = path };
            await next.WriteAsync(Path.Combine(folder, RunStateFile.Name));
            content = next;
        }
    }

    /// <summary>Whether the output was written whole. From then on only the output has the results, unless the run ended early.</summary>
    /// <param name="receipt">The batch's receipt. The one for the user may be that of a run before.</param>
    /// <exception cref="JsonException">The user's receipt is damaged.</exception>
    public async Task<bool> IsDeliveredAsync(Receipt receipt)
    {
        if (!File.Exists(ReceiptPath))
        {
            return false;
        }

        await using var stream = File.OpenRead(ReceiptPath);
        return (await JsonSerializer.DeserializeAsync(stream, RollcallJson.Compact.Receipt))?.Run == receipt.Run;
    }

    /// <summary>Notes that the output is written, by keeping the receipt for the user.</summary>
    /// <param name="receipt">The batch's receipt.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public Task MarkDeliveredAsync(Receipt receipt) =>
        DurableFile.WriteAsync(ReceiptPath, stream => JsonSerializer.SerializeAsync(stream, receipt, RollcallJson.Indented.Receipt));

    /// <summary>
    /// Deletes what only a run in progress needs; called again after a crash, it deletes the rest. The batch's manifest and receipts stay,
    /// so that a next run knows that it is done; of a run that ended early the items and results too, as the same command goes on with it.
    /// </summary>
    /// <param name="receipt">The batch's receipt.</param>
    public void DiscardWork(Receipt receipt)
    {
        DeleteFiles(folder, DatabaseName + "*");
        if (receipt.EndedEarly())
        {
            return;
        }

        string batch = Path.Combine(StoreRoot, BatchId);
        DeleteFiles(batch, "items.*");
        string runs = Path.Combine(batch, "runs");
        foreach (string run in Directory.Exists(runs) ? [batch, .. Directory.GetDirectories(runs)] : new[] { batch })
        {
            foreach (string path in Directory.EnumerateDirectories(run).Where(path => Path.GetFileName(path) is "results" or "bodies"))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>Deletes the folder, where nothing in it is worth keeping.</summary>
    public void Delete()
    {
        DeleteContent(folder);
        Directory.Delete(folder);
    }

    static void DeleteFiles(string folder, string pattern)
    {
        foreach (string path in Directory.EnumerateFiles(folder, pattern))
        {
            File.Delete(path);
        }
    }

    // What a run leaves that ended while it made the folder.
    static bool IsOthers(string path) => Path.GetFileName(path) switch
    {
        RunStateFile.Name + ".tmp" => false,
        StoreName => Directory.EnumerateFileSystemEntries(path).Any(),
        _ => true,
    };

    static async Task ClearAsync(string folder)
    {
        // Held while the records are deleted: they must not be those of a run that is alive.
        await using (OpenUnused(Path.Combine(folder, DatabaseName)))
        {
            // Before the records: the next batch that this folder is of must not be taken for delivered.
            File.Delete(Path.Combine(folder, ReceiptName));
            string store = Path.Combine(folder, StoreName);
            if (Directory.Exists(store))
            {
                Directory.Delete(store, recursive: true);
            }
        }

        DeleteContent(folder);
    }

    static EmbeddedEngine? OpenUnused(string databasePath)
    {
        try
        {
            return EmbeddedEngine.Open(databasePath, concurrency: 1, TimeProvider.System);
        }
        catch (SqliteStorageException exception) when (exception.Reason is SqliteStorageReason.NotADatabase or SqliteStorageReason.SchemaVersion or SqliteStorageReason.Corrupt)
        {
            // It could be read, so that nobody else has it open, and it is about to be thrown away.
            return null;
        }
    }

    /// <summary>Deletes the file that names the batch last: until then the folder is known for what it is.</summary>
    static void DeleteContent(string folder)
    {
        foreach (string path in Directory.GetFileSystemEntries(folder).OrderBy(path => Path.GetFileName(path) == RunStateFile.Name))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    static async Task<RunState> CreateAsync(string folder, string file, RunSettings settings)
    {
        Directory.CreateDirectory(Path.Combine(folder, StoreName));
        var content = new RunStateFile("run-" + Guid.CreateVersion7().ToString("N"), Path.GetFullPath(settings.Output), settings.Format);
        await content.WriteAsync(file);
        return new RunState(folder, content, isNew: true);
    }
}
