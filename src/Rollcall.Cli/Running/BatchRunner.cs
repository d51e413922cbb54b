using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Telemetry;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Sending;
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
        return await RunFaults.GuardAsync(
            settings,
            async () =>
            {
                // The input first, so that an unreadable one leaves nothing behind.
                await using var input = await InputFile.OpenAsync(settings.Input, standardInput, stop);
                OutputFile.RequireOther(settings);
                StateFolder.RequireApart(settings);
                using var state = await RunState.OpenAsync(settings, view.Note);
                var receipt = await RunAsync(state, telemetry.Batches, input, stop);
                state.DiscardWork(receipt);
                return (receipt, state.ReceiptPath);
            },
            stop);
    }

    async Task<Receipt> RunAsync(RunState state, BatchTelemetry telemetry, InputStream input, CancellationToken stop)
    {
        using var store = new FileBatchStore(state.StoreRoot);
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

        var next = isDelivered && receipt!.EndedEarly() ? NextRun.After(receipt) : null;
        return await new RunEnding(settings, view, state, store, controls, telemetry).RunAsync(manifest, isKnown, receipt, next, stop);
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
                await state.NameItemsAsync(settings.Items, opened.Columns);
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
            var control = await store.FindControlAsync(known.Id, CancellationToken.None) ?? BatchControl.Of(known);
            throw settings.Stopped(await new RecordedOutcomes(store, known, control).EstimateAsync(), known.ItemCount);
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
