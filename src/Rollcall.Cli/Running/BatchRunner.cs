using System.Runtime.ExceptionServices;
using System.Text.Json;
using DurableTask.Core;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Terminal;
using Rollcall.Control;
using Rollcall.Intake;
using Rollcall.Results;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Running;

/// <summary>Takes a file of payloads in, or goes on with it, and ends with one result line for each.</summary>
/// <param name="settings">What to do.</param>
/// <param name="view">Shows the progress.</param>
/// <param name="standardInput">Read where the input is <c>-</c>.</param>
sealed class BatchRunner(RunSettings settings, IProgressView view, Func<Stream> standardInput)
{
    readonly BatchProgress progress = new();

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
            state.DiscardWork();
            return (receipt, state.ReceiptPath);
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall run is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotFinished($"A file could not be written or read: {exception.Message}{settings.WhatIsKept}");
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or DamagedBatchException)
        {
            throw CliException.NotFinished(
                $"The state folder '{settings.StateFolder}' is damaged: {exception.Message} What is whole in it is kept; run the same command when the rest is restored, or begin anew with --fresh.");
        }
    }

    async Task<Receipt> RunAsync(RunState state, CancellationToken stop)
    {
        using var store = new FileBatchStore(state.StoreRoot);
        await using var engine = EmbeddedEngine.Open(state.DatabasePath, settings.Options.Concurrency, TimeProvider.System);
        var manifest = await TakeInAsync(state, store, stop);
        var receipt = await store.FindReceiptAsync(manifest.Id, run: 1, CancellationToken.None);
        if (receipt is not null && state.IsDelivered)
        {
            await OutputFile.RequireUnchangedAsync(settings.Output, state.Output, receipt);
            return receipt;
        }

        // A batch that is sealed is never given to the engine again, whose record of it may be gone.
        receipt ??= await FinishAsync(engine, store, manifest, stop);
        await state.NameOutputAsync(Path.GetFullPath(settings.Output));
        await OutputFile.WriteAsync(settings.Output, store, manifest, receipt);
        await state.MarkDeliveredAsync(receipt);
        return receipt;
    }

    async Task<BatchManifest> TakeInAsync(RunState state, FileBatchStore store, CancellationToken stop)
    {
        var known = await store.FindManifestAsync(state.BatchId, CancellationToken.None);
        try
        {
            await using var input = settings.Input == "-" ? standardInput() : File.OpenRead(settings.Input);
            var items = JsonLines.ReadAsync(input, settings.Format, stop);
            if (known is null)
            {
                return await new BatchIntake(store).TakeAsync(
                    state.BatchId,
                    new BatchRequest(state.BatchId, settings.ToTarget(), settings.Options, items),
                    TimeProvider.System.GetUtcNow(),
                    stop);
            }

            RequireSame(known, await BatchIntake.HashAsync(items, stop));
            return known;
        }
        catch (OperationCanceledException) when (known is not null && stop.IsCancellationRequested)
        {
            throw await StoppedEarlyAsync(store, known);
        }
        catch (Exception exception) when (exception is InvalidInputException or OperationCanceledException)
        {
            if (state.IsNew)
            {
                store.Dispose();
                state.Delete();
            }

            throw exception is InvalidInputException invalid
                ? CliException.Usage($"{settings.Input}: {invalid.Message} Nothing was sent.", InputErrors.Describe(settings.Input, invalid))
                : CliException.NotFinished("Stopped before anything was sent.");
        }
    }

    void RequireSame(BatchManifest known, string contentSha256)
    {
        if (settings.FindDifference(known, contentSha256) is { } difference)
        {
            throw CliException.Usage($"The state folder '{settings.StateFolder}' is of another batch: it has {difference}. Name another one with --state, or throw it away with --fresh.");
        }
    }

    async Task<Receipt> FinishAsync(EmbeddedEngine engine, FileBatchStore store, BatchManifest manifest, CancellationToken stop)
    {
        if (!await CountFinishedShardsAsync(store, manifest, stop))
        {
            throw await StoppedEarlyAsync(store, manifest);
        }

        using var http = SenderHttp.CreateClient();
        var controls = new BatchControls(store, TimeProvider.System);
        await engine.StartAsync(CoreActivities.Create(store, http, settings.Headers.GetValueOrDefault, controls, engine, TimeProvider.System, progress));
        var work = RunOrStopAsync(engine, manifest, stop);
        await view.ShowAsync(new ProgressMeter(manifest.ItemCount, () => progress.Snapshot().Counts, TimeProvider.System).Take, work);
        var ended = await work;
        if (ended.OrchestrationStatus != OrchestrationStatus.Completed)
        {
            throw CliException.NotFinished($"The batch ended as {ended.OrchestrationStatus}: {ended.FailureDetails?.ErrorMessage ?? ended.Output}{settings.WhatIsKept}");
        }

        return await store.FindReceiptAsync(manifest.Id, run: 1, CancellationToken.None)
            ?? throw CliException.NotFinished($"The batch ended without a receipt.{settings.WhatIsKept}");
    }

    async Task<bool> CountFinishedShardsAsync(FileBatchStore store, BatchManifest manifest, CancellationToken stop)
    {
        for (int shard = 0; shard < manifest.ShardCount() && !stop.IsCancellationRequested; shard++)
        {
            if (await store.OpenResultsAsync(manifest.Id, run: 1, shard, CancellationToken.None) is { } results)
            {
                progress.ShardFound(shard, await CountAsync(shard, results));
            }
        }

        return !stop.IsCancellationRequested;
    }

    static async Task<OutcomeCounts> CountAsync(int shard, Stream results)
    {
        try
        {
            return (await ShardTally.ReadAsync(results)).Counts;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The results of shard {shard} cannot be read: {exception.Message}", exception);
        }
    }

    async Task<OrchestrationState> RunOrStopAsync(EmbeddedEngine engine, BatchManifest manifest, CancellationToken stop)
    {
        using var endWait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var run = engine.RunAsync(manifest, endWait.Token);
        var fault = engine.WaitForFaultAsync();
        if (await Task.WhenAny(run, fault) == fault)
        {
            await endWait.CancelAsync();
            ExceptionDispatchInfo.Throw(await fault);
        }

        try
        {
            return await run;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await engine.DrainAsync(CancellationToken.None);
            throw Stopped(progress.Snapshot().Counts.Total(), manifest);
        }
    }

    // By the shards that are there, as they are not all counted.
    async Task<CliException> StoppedEarlyAsync(FileBatchStore store, BatchManifest manifest) =>
        Stopped(await store.ListResultsAsync(manifest.Id, run: 1, CancellationToken.None).Select(shard => (long)manifest.ItemsIn(shard)).SumAsync(), manifest);

    CliException Stopped(long done, BatchManifest manifest) =>
        CliException.NotFinished($"Stopped. {done} of {manifest.ItemCount} items are recorded{settings.HowToGoOn}.");
}
