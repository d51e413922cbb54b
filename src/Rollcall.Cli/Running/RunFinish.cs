using System.Runtime.ExceptionServices;
using DurableTask.Core;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Terminal;
using Rollcall.Credentials;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Cli.Running;

/// <summary>Runs a batch on the engine until it is sealed or stopped.</summary>
/// <param name="view">Shows the progress.</param>
/// <param name="engine">Does the work; not started.</param>
/// <param name="store">Where the batch is.</param>
/// <param name="slots">Gives the batch its slots, if it has a rate.</param>
/// <param name="controls">Keeps what may change in the batch.</param>
/// <param name="telemetry">Receives the metrics and traces.</param>
sealed class RunFinish(
    RunSettings settings,
    IProgressView view,
    EmbeddedEngine engine,
    FileBatchStore store,
    MemorySlotLedger slots,
    BatchControls controls,
    BatchTelemetry telemetry,
    BatchManifest manifest)
{
    static readonly TimeSpan ShortagePatience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(30);

    readonly BatchProgress progress = new();
    readonly TaskCompletionSource<string> paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Brings the run to its end.</summary>
    /// <param name="next">The run to begin; null to bring the current one to its end.</param>
    /// <param name="changes">The changes, for the user: see <see cref="RunChanges.Describe"/>; null for a new batch.</param>
    /// <param name="stop">Asks for a clean stop.</param>
    /// <exception cref="CliException">It was stopped, or cannot be finished.</exception>
    public async Task<Receipt> RunAsync(NextRun? next, string? changes, CancellationToken stop)
    {
        var control = await controls.ChangeAsync(
            manifest,
            before => (next?.Begin(before, TimeProvider.System.GetUtcNow()) ?? before).Paused(isPaused: false),
            CancellationToken.None);
        var recorded = new RecordedOutcomes(store, manifest, control);
        if (!await recorded.CountAsync(progress, stop))
        {
            throw settings.Stopped(await recorded.EstimateAsync(), manifest.ItemCount);
        }

        if (changes is not null)
        {
            view.Note(next is null ? await DescribeAsync(control, changes) : next.Describe(changes));
        }

        using var http = SenderHttp.CreateClient(transport: settings.Transport);

        // All headers are the user's own, for the one target. A redirect to another origin carries only those that describe the payload.
        string? FindSecret(string name, Uri url) =>
            name == RunAuth.SecretName ? settings.Auth?.Secret : settings.Headers.GetValueOrDefault(name);
        var services = new ServiceCollection().AddEngine(engine, store, slots, http);
        if (settings.Auth?.Command is { } command)
        {
            services.AddSingleton(command);
        }

        await using var core = services
            .AddSingleton(new SecretLookups(FindSecret, (_, _) => null, (_, _) => true))
            .AddSingleton(controls)
            .AddSingleton(new LocalShortage(TimeProvider.System, view.Note, ShortagePatience))
            .AddSingleton(new TargetSilence(TimeProvider.System, view.Note, SilencePatience))
            .AddSingleton(progress)
            .AddSingleton(telemetry)
            .AddRollcallCore()
            .BuildServiceProvider();
        controls.Paused = reason => paused.TrySetResult(reason);
        await engine.StartAsync(core.GetActivities());
        var work = RunOrStopAsync(control, stop);
        await view.ShowAsync(new ProgressMeter(manifest.ItemCount, () => progress.Snapshot().Counts, TimeProvider.System).Take, work);
        var ended = await work;
        if (ended.OrchestrationStatus != OrchestrationStatus.Completed)
        {
            throw CliException.NotFinished(
                $"The batch ended as {ended.OrchestrationStatus}: "
                + $"{ended.FailureDetails?.ErrorMessage ?? ended.Output}{settings.WhatIsKept}");
        }

        return await store.FindReceiptAsync(manifest.Id, control.Run, CancellationToken.None)
            ?? throw CliException.NotFinished($"The batch ended without a receipt.{settings.WhatIsKept}");
    }

    // The engine also has outcomes of shards that are not written yet.
    async Task<string> DescribeAsync(BatchControl control, string changes)
    {
        var execution = await engine.Scheduler.FindAsync(manifest.Id, CancellationToken.None);
        long inEngine = execution?.Status.Run == control.Run ? execution.Status.Tally.Counts.Total() : 0;
        long done = Math.Max(progress.Snapshot().Counts.Total(), inEngine);
        return $"Resuming at {CountsText.Of(done)} of {CountsText.Of(manifest.ItemCount)}{changes}.";
    }

    async Task<OrchestrationState> RunOrStopAsync(BatchControl control, CancellationToken stop)
    {
        using var endWait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var run = engine.RunAsync(manifest, control, endWait.Token);
        var fault = engine.WaitForFaultAsync();
        var first = await Task.WhenAny(run, fault, paused.Task);
        if (first != run)
        {
            await endWait.CancelAsync();
        }

        if (first == fault)
        {
            ExceptionDispatchInfo.Throw(await fault);
        }

        if (first == paused.Task)
        {
            await engine.DrainAsync(CancellationToken.None);
            throw settings.Stopped(progress.Snapshot().Counts.Total(), manifest.ItemCount, await paused.Task);
        }

        try
        {
            return await run;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await engine.DrainAsync(CancellationToken.None);
            throw settings.Stopped(progress.Snapshot().Counts.Total(), manifest.ItemCount);
        }
    }
}
