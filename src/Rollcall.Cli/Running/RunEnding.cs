using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Terminal;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Cli.Running;

/// <summary>Brings a batch to the end of its current run, or of the next one, and writes the output.</summary>
/// <param name="view">Shows the progress.</param>
/// <param name="state">The state folder.</param>
/// <param name="store">Where the batch is.</param>
/// <param name="controls">Keeps what may change in the batch.</param>
/// <param name="telemetry">Receives the metrics and traces.</param>
sealed class RunEnding(
    RunSettings settings,
    IProgressView view,
    RunState state,
    FileBatchStore store,
    BatchControls controls,
    BatchTelemetry telemetry)
{
    /// <summary>
    /// Sends what is left to be sent, and writes the output: a process that is killed leaves the earlier output, or the new one.
    /// </summary>
    /// <param name="manifest">The batch as it is stored.</param>
    /// <param name="isKnown">Whether an earlier command started the batch, with settings that may differ.</param>
    /// <param name="receipt">The receipt of the current run; null if it has none.</param>
    /// <param name="next">What the next run sends; null to bring the current run to its end.</param>
    /// <param name="stop">Asks for a clean stop.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="CliException">The output is not the run's, or the run cannot be finished.</exception>
    public async Task<Receipt> RunAsync(BatchManifest manifest, bool isKnown, Receipt? receipt, NextRun? next, CancellationToken stop)
    {
        var control = await controls.ReadAsync(manifest, CancellationToken.None);
        if (next is null && receipt is not null && await OutputFile.IsWrittenAsync(settings.Output, state.OutputSha256(receipt)))
        {
            await state.MarkDeliveredAsync(receipt);
            return receipt;
        }

        // A later run replaces the earlier output.
        var written = next is not null || control.Run == 1
            ? receipt
            : await store.FindReceiptAsync(manifest.Id, control.Run - 1, CancellationToken.None);
        if (next is not null || control.Run > 1)
        {
            await OutputFile.RequireReplaceableAsync(settings.Output, state.WrittenSha256(written!));
        }
        else
        {
            OutputFile.RequireOwn(settings, state);
        }

        // A sealed run is never given to the engine again, because the engine's record of it may be gone.
        if (receipt is null || next is not null)
        {
            (manifest, receipt) = await SendAsync(manifest, isKnown, next, stop);
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

    async Task<(BatchManifest Manifest, Receipt Receipt)> SendAsync(
        BatchManifest manifest, bool isKnown, NextRun? next, CancellationToken stop)
    {
        await using var engine = EmbeddedEngine.OpenOrReplace(
            state.DatabasePath,
            settings.Options.Concurrency,
            TimeProvider.System,
            view.Note);

        // In memory is enough: the state folder is locked, so no other process sends this batch's items.
        var slots = new MemorySlotLedger(TimeProvider.System);
        var changes = isKnown ? new RunChanges(settings, manifest) : null;
        var changed = changes is null ? manifest : await changes.ApplyAsync(store, controls);
        var finish = new RunFinish(settings, view, engine, store, slots, controls, telemetry, changed);
        return (changed, await finish.RunAsync(next, changes?.Describe(), stop));
    }
}
