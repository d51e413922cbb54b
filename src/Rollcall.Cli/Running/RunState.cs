using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>
/// The folder that makes a run resumable: the batch's store, the engine's database, and a file that names the batch. It is locked until
/// this object is disposed.
/// </summary>
sealed class RunState : IDisposable
{
    readonly StateFolder folder;
    readonly StateLock held;
    RunStateFile content;

    RunState(StateFolder folder, StateLock held, RunStateFile content, bool isNew)
    {
        this.folder = folder;
        this.held = held;
        this.content = content;
        IsNew = isNew;
    }

    /// <summary>The batch in this folder.</summary>
    public string BatchId => content.BatchId;

    /// <summary>Where its output goes: a full path, or <c>-</c>; null if it is not known.</summary>
    public string? Output => content.Output;

    /// <summary>What decided which items its input has; null if it is not known.</summary>
    public InputOptions? Items => content.Items;

    /// <summary>Whether its output was a pipe, a device or a table. The results are then kept here.</summary>
    public bool KeepsResults => content.IsStream || content.OutputSha256 is not null;

    /// <summary>The SHA-256 that the output has once it is written.</summary>
    /// <param name="receipt">The receipt of what is written.</param>
    public string OutputSha256(Receipt receipt) => content.OutputSha256 ?? receipt.Sha256;

    /// <summary>The SHA-256 that an output of the run may have which a later run replaces.</summary>
    /// <param name="receipt">The receipt of what was written.</param>
    public IReadOnlyList<string> WrittenSha256(Receipt receipt) => [OutputSha256(receipt), content.EarlierSha256 ?? receipt.Sha256];

    /// <summary>The columns of its input; null if it has none.</summary>
    public IReadOnlyList<CsvColumn>? Columns => content.Columns;

    /// <summary>The file of its items, a full path; null for one that can be read only once.</summary>
    public string? Input => content.Input;

    /// <summary>Whether its output is a table.</summary>
    public bool IsTable => content.OutputSha256 is not null;

    /// <summary>The stamp of the file that its output may replace; null if there was none.</summary>
    public string? Replaces => content.Replaces;

    /// <summary>Whether this run created the folder.</summary>
    public bool IsNew { get; }

    /// <summary>The engine's database.</summary>
    public string DatabasePath => folder.DatabasePath;

    /// <summary>The root of the batch's store.</summary>
    public string StoreRoot => folder.StoreRoot;

    /// <summary>The receipt for the user.</summary>
    public string ReceiptPath => folder.ReceiptPath;

    /// <summary>Opens a run's state folder, or creates one.</summary>
    /// <param name="note">Receives a sentence that the user should know about the folder.</param>
    /// <exception cref="CliException">
    /// The folder is not Rollcall's, is in use or cannot be written, or the output does not belong to the run.
    /// </exception>
    public static async Task<RunState> OpenAsync(RunSettings settings, Action<string> note)
    {
        var folder = new StateFolder(settings.StateFolder);
        StateLock? held = null;
        try
        {
            if (folder.IsAnothers())
            {
                throw CliException.Usage(
                    $"'{folder.Root}' is not empty, and is not a state folder of rollcall run. Choose another one with --state.");
            }

            held = StateLock.Take(folder.Root);
            PrivateFolder.Narrow(folder.Root, StateFolder.IsOwn, note);
            var known = !settings.Fresh && File.Exists(folder.StateFilePath) ? await RunStateFile.ReadAsync(folder.StateFilePath) : null;
            OutputFile.RequireUsable(settings, known);
            if (settings.Fresh && File.Exists(folder.StateFilePath))
            {
                folder.DeleteContent();
                if (folder.Others().ToList() is { Count: > 0 } others)
                {
                    note(
                        $"Kept in the state folder '{folder.Root}', because Rollcall did not create it: "
                        + $"{string.Join(", ", others)}.");
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
            throw CliException.NotFinished(
                $"The state folder '{folder.Root}' cannot be written: {Sentence.Of(exception.Message)} Free some "
                + $"space{settings.HowToResume}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage(
                $"The state folder '{folder.Root}' cannot be used: {Sentence.Of(exception.Message)} Choose another one with --state.");
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Records what decides which items the input has, before they are stored.</summary>
    /// <param name="columns">The columns of the input; none if it has none.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public async Task NameItemsAsync(InputOptions items, IReadOnlyList<CsvColumn> columns)
    {
        if (content.Items != items)
        {
            content = content with { Items = items, Columns = columns.Count == 0 ? null : columns };
            await content.WriteAsync(folder.StateFilePath);
        }
    }

    /// <summary>Records where the output goes, before it is written.</summary>
    /// <param name="sha256">The SHA-256 that it will have; null if it is that of the receipt.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public async Task NameOutputAsync(OutputTarget output, string? sha256)
    {
        var named = content with { Output = output.Path, IsStream = !output.IsFile, OutputSha256 = sha256 };
        named = sha256 == content.OutputSha256 ? named : named with { EarlierSha256 = content.OutputSha256 };
        if (named == content)
        {
            return;
        }

        if (named.Output != content.Output || named.IsStream != content.IsStream)
        {
            // A receipt from an earlier output says nothing about the new one.
            File.Delete(ReceiptPath);
        }

        await named.WriteAsync(folder.StateFilePath);
        content = named;
    }

    /// <summary>
    /// Whether the output was written completely. After that, the results of a file output are only in that file, unless the run ended
    /// early.
    /// </summary>
    /// <param name="receipt">The batch's receipt. The user's receipt may belong to an earlier run.</param>
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

    /// <summary>Records that the output is written, by storing the receipt for the user.</summary>
    /// <returns>A task that ends when it is durable.</returns>
    public Task MarkDeliveredAsync(Receipt receipt) =>
        DurableFile.WriteAsync(ReceiptPath, stream => JsonSerializer.SerializeAsync(stream, receipt, BatchesJson.Indented.Receipt));

    /// <summary>Deletes what only a run in progress needs: see <see cref="StateFolder.DeleteWork"/>.</summary>
    public void DiscardWork(Receipt receipt) => folder.DeleteWork(BatchId, receipt, KeepsResults);

    /// <summary>Deletes the content of the folder.</summary>
    public void Delete() => folder.DeleteContent();

    public void Dispose() => held.Dispose();

    static async Task<RunState> CreateAsync(StateFolder folder, StateLock held, RunSettings settings)
    {
        DurableFile.MakeFolder(folder.StoreRoot);
        var output = settings.Output;
        string id = StateFolder.BatchPrefix + Guid.CreateVersion7().ToString("N");
        var content = new RunStateFile(
            id,
            output.Path,
            Items: null,
            !output.IsFile,
            Replaces: output.IsFile ? output.Before?.Stamp : null,
            Input: settings.Input == InputFile.StandardInputName ? null : Path.GetFullPath(settings.Input));
        await content.WriteAsync(folder.StateFilePath);
        return new RunState(folder, held, content, isNew: true);
    }
}
