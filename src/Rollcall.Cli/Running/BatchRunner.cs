using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Telemetry;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;
using Rollcall.Telemetry;
using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Runs a file of payloads, or resumes its run, and ends with one result line per payload.</summary>
/// <param name="view">Shows the progress.</param>
/// <param name="standardInput">Opens standard input, if the input is <c>-</c>.</param>
sealed class BatchRunner(RunSettings settings, IProgressView view, Func<Stream> standardInput)
{
    /// <summary>Runs the batch to its end.</summary>
    /// <param name="stop">Asks for a clean stop: no more items are sent, and items in flight are finished and recorded.</param>
    /// <returns>The receipt and its path.</returns>
    /// <exception cref="CliException">The input or the settings are wrong, or the run cannot be finished.</exception>
    public async Task<(Receipt Receipt, string ReceiptPath)> RunAsync(CancellationToken stop)
    {
        using var telemetry = TelemetryExport.Start();
        try
        {
            // The input first, so that an unreadable one leaves nothing behind.
            await using var input = await InputFile.OpenAsync(settings.Input, standardInput, stop);
            OutputFile.RequireOther(settings);
            StateFolder.RequireApart(settings);
            using var state = await RunState.OpenAsync(settings, view.Note);
            var receipt = await RunAsync(state, telemetry.Batches, input, stop);
            state.DiscardWork(receipt);
            return (receipt, state.ReceiptPath);
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall run is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {Sentence.Of(exception.Message)}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped before anything was sent.");
        }
        catch (LocalShortageException exception)
        {
            throw CliException.NotFinished($"{exception.Message}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && !StandardOutput.IsReaderGone(exception))
        {
            throw CliException.NotFinished($"A file could not be read or written: {Sentence.Of(exception.Message)}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is DamagedDataException or InvalidDataException or JsonException)
        {
            throw CliException.NotFinished(
                $"The state folder '{settings.StateFolder}' is damaged: {Sentence.Of(exception.Message)} What is intact is kept; "
                + "restore the rest and run the same command, or start over with --fresh.");
        }
    }

    async Task<Receipt> RunAsync(RunState state, BatchTelemetry telemetry, InputStream input, CancellationToken stop)
    {
        using var store = new FileBatchStore(state.StoreRoot);
        await using var engine = EmbeddedEngine.OpenOrReplace(
            state.DatabasePath,
            settings.Options.Concurrency,
            TimeProvider.System,
            view.Note);

        // In memory is enough: the state folder is locked, so no other process sends this batch's items.
        var slots = new MemorySlotLedger(TimeProvider.System);
        var (manifest, isKnown) = await TakeInAsync(state, store, telemetry, input, stop);
        if (!isKnown)
        {
            await ShowFirstAsync(store, manifest);
        }

        var controls = new BatchControls(store, TimeProvider.System);
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        var receipt = await store.FindReceiptAsync(manifest.Id, control.Run, CancellationToken.None);
        bool isDelivered = receipt is not null && await state.IsDeliveredAsync(receipt);
        if (isDelivered && !receipt!.EndedEarly() && !state.KeepsResults)
        {
            await OutputFile.RequireUnchangedAsync(settings.Output, state.Output, receipt);
            return receipt;
        }

        bool isResumed = isDelivered && receipt!.EndedEarly();
        if (!isResumed && receipt is not null && await OutputFile.IsWrittenAsync(settings.Output, state.OutputSha256(receipt)))
        {
            await state.MarkDeliveredAsync(receipt);
            return receipt;
        }

        // A run that resumes after an early end replaces the earlier output.
        var written = isResumed || control.Run == 1
            ? receipt
            : await store.FindReceiptAsync(manifest.Id, control.Run - 1, CancellationToken.None);
        if (isResumed || control.Run > 1)
        {
            await OutputFile.RequireReplaceableAsync(settings.Output, state.OutputSha256(written!));
        }
        else
        {
            OutputFile.RequireOwn(settings, state);
        }

        // A sealed run is never given to the engine again, because the engine's record of it may be gone.
        if (receipt is null || isResumed)
        {
            var changes = isKnown ? new RunChanges(settings, manifest) : null;
            manifest = changes is null ? manifest : await changes.ApplyAsync(store, controls);
            receipt = await new RunFinish(
                settings,
                view,
                engine,
                store,
                slots,
                controls,
                telemetry,
                manifest).RunAsync(receipt, changes?.Describe(), stop);
        }

        try
        {
            var results = new RunOutput(settings, store, manifest, receipt);
            await state.NameOutputAsync(settings.Output, await results.FindHashAsync(stop));
            await OutputFile.WriteAsync(settings, results, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw settings.Stopped(manifest.ItemCount, manifest.ItemCount);
        }

        await state.MarkDeliveredAsync(receipt);
        return receipt;
    }

    // A wrong template shows in the first request.
    async Task ShowFirstAsync(FileBatchStore store, BatchManifest manifest)
    {
        var first = new Posting(manifest, Shard: 0, Index: 0, await store.ReadItemAsync(manifest, 0, CancellationToken.None));
        if (first.Item.Head is not null || manifest.Target.Method is not null)
        {
            view.Note($"First request: {first.Method} {ShownUrl.Of(first.Url.AbsoluteUri)}");
        }
    }

    async Task<(BatchManifest Manifest, bool IsKnown)> TakeInAsync(
        RunState state, FileBatchStore store, BatchTelemetry telemetry, InputStream input, CancellationToken stop)
    {
        var known = await store.FindManifestAsync(state.BatchId, CancellationToken.None);
        try
        {
            await using var read = input;
            await using var opened = await InputItems.OpenAsync(settings, read, view.Note, stop);
            settings = settings with { Items = settings.Items with { Format = opened.Format } };
            var items = InputItems.ReadAsync(settings, opened, stop);
            if (known is null)
            {
                await state.NameItemsAsync(settings.Items);
                var request = new BatchRequest(state.BatchId, settings.ToTarget(), settings.Options, items);
                return (
                    await new BatchIntake(store, telemetry: telemetry).TakeAsync(
                        state.BatchId,
                        request,
                        TimeProvider.System.GetUtcNow(),
                        stop),
                    false);
            }

            var changes = new RunChanges(settings, known);
            changes.RequireTarget(state.Items);
            BatchItem? first = null;
            var seen = items.Select(item =>
            {
                first ??= item;
                return item;
            });
            var (sha256, count) = await BatchIntake.MeasureAsync(seen, stop);
            var again = InputItems.ReadAgainAsync(settings, read, first, stop);
            await changes.RequireItemsAsync(sha256, count, store, again, stop);
            return (known, true);
        }
        catch (OperationCanceledException) when (known is not null && stop.IsCancellationRequested)
        {
            int run = (await store.FindControlAsync(known.Id, CancellationToken.None))?.Run ?? 1;
            throw settings.Stopped(await new RecordedOutcomes(store, known, run).EstimateAsync(), known.ItemCount);
        }
        catch (Exception exception) when (exception is InvalidInputException or OperationCanceledException or CliException)
        {
            if (state.IsNew)
            {
                store.Dispose();
                state.Delete();
            }

            if (exception is CliException)
            {
                throw;
            }

            throw exception is InvalidInputException invalid
                ? InputItems.Refuse(settings, invalid)
                : CliException.NotFinished("Stopped before anything was sent.");
        }
    }
}
