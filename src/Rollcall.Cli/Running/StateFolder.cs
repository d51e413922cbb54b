using Rollcall.Batches;
using Rollcall.Cli.Files;

namespace Rollcall.Cli.Running;

/// <summary>The content of a state folder. Only files that a run created are ever deleted.</summary>
sealed class StateFolder(string root)
{
    /// <summary>The prefix of a run's batch id.</summary>
    public const string BatchPrefix = "run-";

    const string DatabaseName = "engine.db";
    const string StoreName = "batches";
    const string ReceiptName = "receipt.json";
    const string ResultsName = "results";

    public string Root => root;

    /// <summary>The folder of a run if the command names none.</summary>
    /// <param name="name">The output; the input if the output is a stream.</param>
    public static string Of(string name) => name + ".rollcall";

    /// <summary>The file that names the batch.</summary>
    public string StateFilePath => Path.Combine(root, RunStateFile.Name);

    /// <summary>The engine's database.</summary>
    public string DatabasePath => Path.Combine(root, DatabaseName);

    /// <summary>The root of the batch's store.</summary>
    public string StoreRoot => Path.Combine(root, StoreName);

    /// <summary>The receipt for the user.</summary>
    public string ReceiptPath => Path.Combine(root, ReceiptName);

    /// <summary>Requires that neither the input nor the output is one of the folder's own files.</summary>
    /// <exception cref="CliException">One of them is.</exception>
    public static void RequireApart(RunSettings settings)
    {
        if (!Directory.Exists(settings.StateFolder))
        {
            return;
        }

        string folder = RealPath.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.StateFolder))).Path;
        if (settings.Input != InputFile.StandardInputName
            && IsWithin(RealPath.Of(settings.Input).Path, folder) is { } input
            && (IsOwn(input) || input.Length == 0))
        {
            throw CliException.Usage(
                $"The input '{settings.Input}' belongs to the state folder '{settings.StateFolder}'. Copy it, or choose another folder "
                + "with --state.");
        }

        if (settings.Output.IsFile && IsWithin(settings.Output.Path, folder) is { } output && (IsOwn(output) || output.Length == 0))
        {
            throw CliException.Usage(
                $"The output '{settings.Output.Name}' belongs to the state folder '{settings.StateFolder}'. Choose another file with "
                + "--out.");
        }
    }

    /// <summary>Whether the folder exists, is not a state folder and is not empty.</summary>
    public bool IsAnothers() =>
        Directory.Exists(root) && !File.Exists(StateFilePath) && Directory.EnumerateFileSystemEntries(root).Any(IsOthers);

    /// <summary>Whether an entry has the name of one that a run creates.</summary>
    public static bool IsOwn(string name) => IsOfStateFile(name)
        || name is StateLock.Name or StoreName
        || name.StartsWith(ReceiptName, StringComparison.Ordinal)
        || name.StartsWith(DatabaseName, StringComparison.Ordinal);

    /// <summary>The names of the entries that Rollcall did not create, except the lock.</summary>
    public IEnumerable<string> Others() => Directory.EnumerateFileSystemEntries(root)
        .SelectMany(path => Path.GetFileName(path) == StoreName ? Directory.EnumerateFileSystemEntries(path) : [path])
        .Select(path => Path.GetRelativePath(root, path))
        .Where(name => name != StateLock.Name)
        .Order(StringComparer.Ordinal);

    /// <summary>
    /// Deletes what only a run in progress needs; called again after a crash, it deletes the rest. The batch's manifest and receipts stay,
    /// so that the next run knows that the batch is done. The results stay if the output was a stream, and if the batch has earlier runs,
    /// whose outcomes are nowhere else. If an item did not succeed, everything stays, because it can be sent again.
    /// </summary>
    /// <param name="keepsResults">Whether to keep the results, because the output was a stream.</param>
    public void DeleteWork(string batchId, Receipt receipt, bool keepsResults)
    {
        DeleteFiles(root, DatabaseName + "*");
        if (receipt.Counts.Succeeded < receipt.Items)
        {
            return;
        }

        string batch = Path.Combine(StoreRoot, batchId);
        DeleteFiles(batch, "items.*");
        string runs = Path.Combine(batch, "runs");
        bool keepsAll = keepsResults || receipt.Run > 1;
        foreach (string run in Directory.Exists(runs) ? [batch, .. Directory.GetDirectories(runs)] : new[] { batch })
        {
            foreach (string path in Directory.EnumerateDirectories(run).Where(path => IsWork(Path.GetFileName(path), keepsAll)))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>
    /// Deletes what a run created and nothing else. The receipt goes first, so that the folder's next batch cannot be taken for delivered.
    /// The file that names the batch goes last, because it identifies the folder as a state folder.
    /// </summary>
    public void DeleteContent()
    {
        string[] own = [
            .. Directory.EnumerateFiles(root).Where(path => IsOwn(Path.GetFileName(path)) && Path.GetFileName(path) != StateLock.Name)];
        foreach (string path in own.Where(path => Path.GetFileName(path).StartsWith(ReceiptName, StringComparison.Ordinal)))
        {
            File.Delete(path);
        }

        if (Directory.Exists(StoreRoot))
        {
            foreach (string batch in Directory.EnumerateDirectories(StoreRoot, BatchPrefix + "*"))
            {
                Directory.Delete(batch, recursive: true);
            }

            if (!Directory.EnumerateFileSystemEntries(StoreRoot).Any())
            {
                Directory.Delete(StoreRoot);
            }
        }

        foreach (string path in own.OrderBy(path => IsOfStateFile(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    static bool IsWork(string name, bool keepsResults) => name == "bodies" || (name == ResultsName && !keepsResults);

    static void DeleteFiles(string folder, string pattern)
    {
        foreach (string path in Directory.EnumerateFiles(folder, pattern))
        {
            File.Delete(path);
        }
    }

    // The lock and an empty store are left by a run that ended while creating the folder.
    static bool IsOthers(string path) => Path.GetFileName(path) switch
    {
        StateLock.Name => false,
        StoreName => Directory.EnumerateFileSystemEntries(path).Any(),
        var name => !IsOfStateFile(name),
    };

    // Written under a temporary name first.
    static bool IsOfStateFile(string name) => name.StartsWith(RunStateFile.Name, StringComparison.Ordinal);

    /// <summary>
    /// The name of the folder's entry that a path is or is within; empty for the folder itself, null if the path is elsewhere.
    /// </summary>
    static string? IsWithin(string path, string folder)
    {
        if (path == folder)
        {
            return "";
        }

        bool isWithin = path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return isWithin ? path[(folder.Length + 1)..].Split(Path.DirectorySeparatorChar)[0] : null;
    }
}
