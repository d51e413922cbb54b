using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Terminal;
using Rollcall.Control;
using Rollcall.Intake;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>Takes a file of payloads in, or goes on with it, and ends with one result line for each.</summary>
/// <param name="settings">What to do.</param>
/// <param name="view">Shows the progress.</param>
/// <param name="standardInput">Read where the input is <c>-</c>.</param>
sealed class BatchRunner(RunSettings settings, IProgressView view, Func<Stream> standardInput)
{
    /// <summary>Runs the batch to its end.</summary>
    /// <param name="stop">Asks for a clean stop: no further item is sent, and what is in flight is finished and recorded.</param>
    /// <returns>The receipt, and where it is stored.</returns>
    /// <exception cref="CliException">The input or the settings are wrong, or the run cannot end.</exception>
    public async Task<(Receipt Receipt, string ReceiptPath)> RunAsync(CancellationToken stop)
    {
        if (settings.Input != "-" && !File.Exists(settings.Input))
        {
            throw CliException.Usage($"There is no file '{settings.Input}'.");
        }

        try
        {
            var state = await RunState.OpenAsync(settings);
            var receipt = await RunAsync(state, stop);
            state.DiscardWork(receipt);
            return (receipt, state.ReceiptPath);
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall run is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {Sentence.Of(exception.Message)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotFinished($"A file could not be written or read: {Sentence.Of(exception.Message)}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw CliException.NotFinished(
                $"The state folder '{settings.StateFolder}' is damaged: {Sentence.Of(exception.Message)} What is whole in it is kept; run the same command when the rest is restored, or begin anew with --fresh.");
        }
    }

    async Task<Receipt> RunAsync(RunState state, CancellationToken stop)
    {
        using var store = new FileBatchStore(state.StoreRoot);
        await using var engine = EmbeddedEngine.Open(state.DatabasePath, settings.Options.Concurrency, TimeProvider.System);
        var (manifest, isKnown) = await TakeInAsync(state, store, stop);
        var controls = new BatchControls(store, TimeProvider.System);
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        var receipt = await store.FindReceiptAsync(manifest.Id, control.Run, CancellationToken.None);
        bool isDelivered = receipt is not null && await state.IsDeliveredAsync(receipt);
        if (isDelivered && !receipt!.EndedEarly())
        {
            await OutputFile.RequireUnchangedAsync(settings.Output, state.Output, receipt);
            return receipt;
        }

        if (isDelivered)
        {
            await OutputFile.RequireReplaceableAsync(settings.Output, receipt!);
        }

        // A run that is sealed is never given to the engine again, whose record of it may be gone.
        if (receipt is null || isDelivered)
        {
            var changes = isKnown ? new RunChanges(settings, manifest) : null;
            manifest = changes is null ? manifest : await changes.ApplyAsync(store, controls);
            receipt = await new RunFinish(settings, view, engine, store, controls, manifest).RunAsync(receipt, changes?.Describe(), stop);
        }

        await state.NameOutputAsync(Path.GetFullPath(settings.Output));
        await OutputFile.WriteAsync(settings.Output, store, manifest, receipt);
        await state.MarkDeliveredAsync(receipt);
        return receipt;
    }

    async Task<(BatchManifest Manifest, bool IsKnown)> TakeInAsync(RunState state, FileBatchStore store, CancellationToken stop)
    {
        var known = await store.FindManifestAsync(state.BatchId, CancellationToken.None);
        try
        {
            await using var input = settings.Input == "-" ? standardInput() : File.OpenRead(settings.Input);
            var items = JsonLines.ReadAsync(input, settings.Format, stop);
            if (known is null)
            {
                var request = new BatchRequest(state.BatchId, settings.ToTarget(), settings.Options, items);
                return (await new BatchIntake(store).TakeAsync(state.BatchId, request, TimeProvider.System.GetUtcNow(), stop), false);
            }

            var changes = new RunChanges(settings, known);
            changes.RequireTarget(state.Lines);
            var (sha256, count) = await BatchIntake.MeasureAsync(items, stop);
            changes.RequireItems(sha256, count);
            return (known, true);
        }
        catch (OperationCanceledException) when (known is not null && stop.IsCancellationRequested)
        {
            int run = (await store.FindControlAsync(known.Id, CancellationToken.None))?.Run ?? 1;
            throw settings.Stopped(await new RecordedOutcomes(store, known, run).EstimateAsync(), known.ItemCount);
        }
        catch (Exception exception) when (exception is InvalidInputException or OperationCanceledException)
        {
            if (state.IsNew)
            {
                store.Dispose();
                state.Delete();
            }

            throw exception is InvalidInputException invalid
                ? CliException.Usage($"{settings.Input}: {Sentence.Of(invalid.Message)} Nothing was sent.", InputErrors.Describe(settings.Input, invalid))
                : CliException.NotFinished("Stopped before anything was sent.");
        }
    }
}
