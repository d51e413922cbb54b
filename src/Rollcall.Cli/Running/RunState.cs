using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// The folder that makes a run resumable: the batch's store, the engine's database, and a file that names the batch. It is locked until it
/// is disposed of.
/// </summary>
sealed class RunState : IDisposable
{
    const string DatabaseName = "engine.db";
    const string StoreName = "batches";
    const string ReceiptName = "receipt.json";
    const string ResultsName = "results";
    const string BatchPrefix = "run-";

    readonly string folder;
    readonly StateLock held;
    RunStateFile content;

    RunState(string folder, StateLock held, RunStateFile content, bool isNew)
    {
        this.folder = folder;
        this.held = held;
        this.content = content;
        IsNew = isNew;
    }

    /// <summary>The batch that this folder is of.</summary>
    public string BatchId => content.BatchId;

    /// <summary>Where its output goes: a full path, or <c>-</c>; null where it is not known.</summary>
    public string? Output => content.Output;

    /// <summary>What a line of its input is; null where it is not known.</summary>
    public LineFormat? Lines => content.Lines;

    /// <summary>Whether its output was a pipe or a device, which keeps nothing: the results are then kept here.</summary>
    public bool IsStream => content.IsStream;

    /// <summary>The stamp of the file that its output may replace; null where there is none.</summary>
    public string? Replaces => content.Replaces;

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
    /// <param name="note">Told, in a sentence, what the user should know of the folder.</param>
    /// <returns>The state.</returns>
    /// <exception cref="CliException">The folder is not one of Rollcall's, is in use or cannot be written, or the output is not the run's.</exception>
    public static async Task<RunState> OpenAsync(RunSettings settings, Action<string> note)
    {
        string folder = settings.StateFolder;
        string file = Path.Combine(folder, RunStateFile.Name);
        StateLock? held = null;
        try
        {
            if (Directory.Exists(folder) && !File.Exists(file) && Directory.EnumerateFileSystemEntries(folder).Any(IsOthers))
            {
                throw CliException.Usage($"'{folder}' is not a state folder of rollcall run, and is not empty. Name another one with --state.");
            }

            held = StateLock.Take(folder);
            PrivateFolder.Narrow(folder, IsOwn, note);
            var known = !settings.Fresh && File.Exists(file) ? await RunStateFile.ReadAsync(file) : null;
            OutputFile.RequireUsable(settings, known);
            if (settings.Fresh && File.Exists(file))
            {
                DeleteContent(folder);
                if (OthersIn(folder).ToList() is { Count: > 0 } others)
                {
                    note($"Kept in the state folder '{folder}', as Rollcall did not make it: {string.Join(", ", others)}.");
                }
            }

            var state = known is null
                ? await CreateAsync(folder, held, settings)
                : new RunState(folder, held, known, isNew: false);
            held = null;
            return state;
        }
        catch (IOException exception) when (SystemErrors.Current.IsNoRoom(exception))
        {
            throw CliException.NotFinished($"The state folder '{folder}' cannot be written: {Sentence.Of(exception.Message)} Make room{settings.HowToGoOn}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The state folder '{folder}' cannot be used: {Sentence.Of(exception.Message)} Name another one with --state.");
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Requires that neither the input nor the output is one of the folder's own files.</summary>
    /// <param name="settings">What to do.</param>
    /// <exception cref="CliException">One is.</exception>
    public static void RequireApart(RunSettings settings)
    {
        if (!Directory.Exists(settings.StateFolder))
        {
            return;
        }

        string folder = RealPath.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.StateFolder))).Path;
        if (settings.Input != InputFile.StandardInputName && IsWithin(RealPath.Of(settings.Input).Path, folder) is { } input && (IsOwn(input) || input.Length == 0))
        {
            throw CliException.Usage($"The input '{settings.Input}' is of the state folder '{settings.StateFolder}'. Copy it, or name another folder with --state.");
        }

        if (settings.Output.IsFile && IsWithin(settings.Output.Path, folder) is { } output && (IsOwn(output) || output.Length == 0))
        {
            throw CliException.Usage($"The output '{settings.Output.Name}' is of the state folder '{settings.StateFolder}'. Name another file with --out.");
        }
    }

    /// <summary>Notes where the output goes, before it is written.</summary>
    /// <param name="output">The output.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public async Task NameOutputAsync(OutputTarget output)
    {
        var named = content with { Output = output.Path, IsStream = !output.IsFile };
        if (named == content)
        {
            return;
        }

        // The receipt of a stream says nothing of the file that comes.
        File.Delete(ReceiptPath);
        await named.WriteAsync(Path.Combine(folder, RunStateFile.Name));
        content = named;
    }

    /// <summary>Whether the output was written whole. From then on only a file has the results, unless the run ended early.</summary>
    /// <param name="receipt">The batch's receipt. The one for the user may be that of a run before.</param>
    /// <exception cref="JsonException">The user's receipt is damaged.</exception>
    public async Task<bool> IsDeliveredAsync(Receipt receipt)
    {
        if (!File.Exists(ReceiptPath))
        {
            return false;
        }

        await using var stream = File.OpenRead(ReceiptPath);
        return (await JsonSerializer.DeserializeAsync(stream, BatchesJson.Compact.Receipt))?.Run == receipt.Run;
    }

    /// <summary>Notes that the output is written, by keeping the receipt for the user.</summary>
    /// <param name="receipt">The batch's receipt.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public Task MarkDeliveredAsync(Receipt receipt) =>
        DurableFile.WriteAsync(ReceiptPath, stream => JsonSerializer.SerializeAsync(stream, receipt, BatchesJson.Indented.Receipt));

    /// <summary>
    /// Deletes what only a run in progress needs; called again after a crash, it deletes the rest. The batch's manifest and receipts stay, so
    /// that a next run knows that it is done, and the results where the output keeps nothing; of a run that ended early the items too, as the
    /// same command goes on with it.
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
            foreach (string path in Directory.EnumerateDirectories(run).Where(path => IsWork(Path.GetFileName(path))))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>Deletes what is in the folder, where nothing of it is worth keeping.</summary>
    public void Delete() => DeleteContent(folder);

    public void Dispose() => held.Dispose();

    static IEnumerable<string> OthersIn(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .SelectMany(path => Path.GetFileName(path) == StoreName ? Directory.EnumerateFileSystemEntries(path) : [path])
        .Select(path => Path.GetRelativePath(folder, path))
        .Where(name => name != StateLock.Name)
        .Order(StringComparer.Ordinal);

    bool IsWork(string name) => name == "bodies" || (name == ResultsName && !content.IsStream);

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
        StateLock.Name => false,
        StoreName => Directory.EnumerateFileSystemEntries(path).Any(),
        var name => !IsOfStateFile(name),
    };

    // Written under a temporary name first.
    static bool IsOfStateFile(string name) => name.StartsWith(RunStateFile.Name, StringComparison.Ordinal);

    static bool IsOwn(string name) => IsOfStateFile(name)
        || name is StateLock.Name or StoreName
        || name.StartsWith(ReceiptName, StringComparison.Ordinal)
        || name.StartsWith(DatabaseName, StringComparison.Ordinal);

    /// <summary>The name of the entry of a folder that a path is, or is within; empty for the folder itself, and null where it is elsewhere.</summary>
    static string? IsWithin(string path, string folder) =>
        path == folder ? ""
        : path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path[(folder.Length + 1)..].Split(Path.DirectorySeparatorChar)[0]
        : null;

    /// <summary>
    /// Deletes what a run has made and nothing else. The receipt goes first, as the next batch that the folder is of must not be taken for
    /// delivered, and the file that names the batch last: until then the folder is known for what it is.
    /// </summary>
    static void DeleteContent(string folder)
    {
        string store = Path.Combine(folder, StoreName);
        string[] own = [.. Directory.EnumerateFiles(folder).Where(path => IsOwn(Path.GetFileName(path)) && Path.GetFileName(path) != StateLock.Name)];
        foreach (string path in own.Where(path => Path.GetFileName(path).StartsWith(ReceiptName, StringComparison.Ordinal)))
        {
            File.Delete(path);
        }

        if (Directory.Exists(store))
        {
            foreach (string batch in Directory.EnumerateDirectories(store, BatchPrefix + "*"))
            {
                Directory.Delete(batch, recursive: true);
            }

            if (!Directory.EnumerateFileSystemEntries(store).Any())
            {
                Directory.Delete(store);
            }
        }

        foreach (string path in own.OrderBy(path => IsOfStateFile(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    static async Task<RunState> CreateAsync(string folder, StateLock held, RunSettings settings)
    {
        DurableFile.MakeFolder(Path.Combine(folder, StoreName));
        var output = settings.Output;
        string id = BatchPrefix + Guid.CreateVersion7().ToString("N");
        var content = new RunStateFile(id, output.Path, settings.Format, !output.IsFile, output.IsFile ? output.Before?.Stamp : null);
        await content.WriteAsync(Path.Combine(folder, RunStateFile.Name));
        return new RunState(folder, held, content, isNew: true);
    }
}
