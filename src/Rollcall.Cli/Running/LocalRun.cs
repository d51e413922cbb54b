using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Terminal;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Results;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// A run of this machine, read from its state folder without the lock: a file of a store is there completely or not at all, also while
/// <c>rollcall run</c> writes it.
/// </summary>
/// <param name="Content">What the state folder says about the run.</param>
/// <param name="Manifest">Its batch.</param>
/// <param name="Control">The control of the batch.</param>
sealed record LocalRun(StateFolder Folder, RunStateFile Content, FileBatchStore Store, BatchManifest Manifest, BatchControl Control)
    : IDisposable
{
    /// <summary>Reads what a state folder says about its run.</summary>
    /// <exception cref="CliException">There is no run in it.</exception>
    public static Task<RunStateFile> ReadFileAsync(string stateFolder)
    {
        string path = new StateFolder(stateFolder).StateFilePath;
        return File.Exists(path)
            ? RunStateFile.ReadAsync(path)
            : throw CliException.Usage(
                $"There is no run in the state folder '{stateFolder}'. Name the output of 'rollcall run', and its state folder if that is "
                + "another.");
    }

    /// <summary>Opens a run.</summary>
    /// <returns>The run; null while its items are not all stored.</returns>
    /// <exception cref="CliException">There is no run in the folder.</exception>
    public static async Task<LocalRun?> FindAsync(string stateFolder)
    {
        var file = await ReadFileAsync(stateFolder);
        var folder = new StateFolder(stateFolder);
        var store = new FileBatchStore(folder.StoreRoot);
        try
        {
            if (await store.FindManifestAsync(file.BatchId, CancellationToken.None) is { } manifest)
            {
                var control = await store.FindControlAsync(file.BatchId, CancellationToken.None) ?? BatchControl.Of(manifest);
                var run = new LocalRun(folder, file, store, manifest, control);
                store = null;
                return run;
            }

            return null;
        }
        finally
        {
            store?.Dispose();
        }
    }

    /// <summary>Reads a run's files.</summary>
    /// <exception cref="CliException">They are damaged.</exception>
    public static async Task<T> GuardAsync<T>(string stateFolder, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException or JsonException)
        {
            throw CliException.NotFinished($"The state folder '{stateFolder}' is damaged: {Sentence.Of(exception.Message)}");
        }
    }

    /// <summary>The receipt of a run of the batch; null if that has not ended.</summary>
    public ValueTask<Receipt?> FindReceiptAsync(int run) => Store.FindReceiptAsync(Manifest.Id, run, CancellationToken.None);

    /// <summary>The items of an ended run that did not succeed, in input order.</summary>
    /// <param name="only">Some of them; null for all.</param>
    public static async IAsyncEnumerable<ResultLine> FindFailedAsync(
        IBatchStore store, BatchControl control, Receipt receipt, RetryChoice? only)
    {
        var selection = control.Redriven(control.RunStartsAt, only?.Codes, only?.Statuses);
        for (int shard = 0; shard < receipt.Shards.Count; shard++)
        {
            var stream = await RunResults.OpenAsync(store, receipt.BatchId, receipt.Run, shard, receipt, CancellationToken.None);
            await using var results = stream!;
            var reader = new ResultReader(results, []);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                if (SelectItems.IsSelected(line, selection))
                {
                    yield return line;
                }
            }
        }
    }

    public void Dispose() => Store.Dispose();
}
