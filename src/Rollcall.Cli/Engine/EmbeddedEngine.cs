using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>Runs the core's orchestrators in this process, durably on one SQLite file.</summary>
sealed class EmbeddedEngine : IAsyncDisposable
{
    const int FewestShards = 8;

    readonly SqliteOrchestrationService service;
    readonly string folder;
    readonly TaskHubWorker worker;
    readonly TaskCompletionSource<Exception> storeFault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool isStarted;
    bool isReplaced;

    EmbeddedEngine(SqliteOrchestrationService service, string folder)
    {
        this.service = service;
        this.folder = folder;
        worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        Scheduler = new EngineScheduler(service);
    }

    /// <summary>Ends the waits of the items that it sends.</summary>
    public SendingStop SendingStop { get; } = new();

    /// <summary>Schedules, finds and purges its orchestrations.</summary>
    public EngineScheduler Scheduler { get; }

    /// <summary>Ends, with the reason, when the engine or the batches' store can no longer record anything; otherwise never.</summary>
    public async Task<Exception> WaitForFaultAsync() =>
        await Task.WhenAny(storeFault.Task, service.Fault) == service.Fault ? await service.Fault : await storeFault.Task;

    /// <summary>Opens the engine's database exclusively.</summary>
    /// <param name="databasePath">The database file, in the folder that also holds the batches.</param>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <returns>The engine, not started.</returns>
    /// <exception cref="SqliteStorageException">The file is in use, is not the engine's, or cannot be read or written.</exception>
    public static EmbeddedEngine Open(string databasePath, int concurrency, TimeProvider time)
    {
        var service = SqliteOrchestrationService.Open(new SqliteOrchestrationServiceOptions
        {
            Path = databasePath,
            MaxConcurrentActivities = concurrency,
            PurgeCompletedSubOrchestrations = true,
            TimeProvider = time,
        });

        // Flushing a new file does not make its name durable.
        string folder = Path.GetDirectoryName(Path.GetFullPath(databasePath))!;
        DurableFile.FlushFolder(folder);
        return new EmbeddedEngine(service, folder);
    }

    /// <summary>
    /// Opens the engine's database. A damaged one is kept under another name and replaced. Everything that matters is in the batches'
    /// store; items whose outcomes only the engine knew are sent again.
    /// </summary>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <param name="note">Receives a sentence if the database was damaged.</param>
    /// <returns>The engine, not started.</returns>
    /// <exception cref="SqliteStorageException">The file is in use, or cannot be read or written.</exception>
    public static EmbeddedEngine OpenOrReplace(string databasePath, int concurrency, TimeProvider time, Action<string> note)
    {
        try
        {
            return Open(databasePath, concurrency, time);
        }
        catch (SqliteStorageException exception) when (exception.Reason is SqliteStorageReason.Corrupt or SqliteStorageReason.NotADatabase)
        {
            string aside = DamagedDatabase.SetAside(databasePath);
            note(
                $"The engine's database was damaged ({(exception.InnerException ?? exception).Message.TrimEnd('.')}). It is kept as "
                + $"'{aside}', and its batches resume from what their store has recorded.");
            var engine = Open(databasePath, concurrency, time);
            engine.isReplaced = true;
            return engine;
        }
    }

    /// <summary>Starts working on what the database holds.</summary>
    /// <param name="activities">The activities, by name.</param>
    /// <returns>A task that ends when the engine works.</returns>
    public async Task StartAsync(IReadOnlyDictionary<string, ITaskActivity> activities)
    {
        var converter = new JsonDataConverter(OrchestrationJson.Compact.Options);
        var shims = new DurableTaskShimFactory(new DurableTaskWorkerOptions { DataConverter = converter });
        AddOrchestrator(shims, nameof(BatchOrchestrator), new BatchOrchestrator());
        AddOrchestrator(shims, nameof(ShardOrchestrator), new ShardOrchestrator());
        AddOrchestrator(shims, nameof(NoticeOrchestrator), new NoticeOrchestrator());
        foreach (var (name, activity) in activities)
        {
            AddActivity(shims, name, activity);
        }

        await worker.StartAsync();
        isStarted = true;
    }

    /// <summary>
    /// Continues a batch whose run has no receipt, and waits for its end. If its orchestration has ended (it failed, or belongs to the run
    /// before), another one takes over the rest.
    /// </summary>
    /// <param name="control">The changes to the batch, which are sent to a live orchestration.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>The last state of its orchestration.</returns>
    public async Task<OrchestrationState> RunAsync(BatchManifest manifest, BatchControl control, CancellationToken cancellationToken)
    {
        var found = await Scheduler.FindAsync(manifest.Id, cancellationToken);
        if (found is { EndedAt: null })
        {
            await (control.Version == 0 ? Task.CompletedTask : Scheduler.SignalAsync(control, cancellationToken));
            if (found.Status.Run == control.Run)
            {
                return await WaitAsync(manifest.Id, cancellationToken);
            }

            // It belongs to the run before, which has its receipt and is about to end.
            await WaitAsync(manifest.Id, cancellationToken);
        }

        var plan = PlanOf(manifest, control);
        if (found is null && control.Run == 1)
        {
            await Scheduler.ScheduleAsync(isReplaced ? plan.AsRepair() : plan, cancellationToken);
        }
        else
        {
            await Scheduler.RescheduleAsync(plan.AsRepair(), cancellationToken);
        }

        return await WaitAsync(manifest.Id, cancellationToken);
    }

    /// <summary>Waits for the end of a batch's orchestration.</summary>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>The last state of its orchestration.</returns>
    public Task<OrchestrationState> WaitAsync(string batchId, CancellationToken cancellationToken) =>
        service.WaitForOrchestrationAsync(batchId, executionId: "", Timeout.InfiniteTimeSpan, cancellationToken);

    static BatchPlan PlanOf(BatchManifest manifest, BatchControl control)
    {
        var plan = BatchPlan.Of(manifest, control, liveItems: int.MaxValue);
        if (control.RatePerSecond is not null || plan.FailureLimit is not null)
        {
            // Items that wait for their slot must not fill the engine's queue, and queued items cannot be held back when too many have
            // failed.
            return plan;
        }

        // Whole shards are live, because the engine itself limits the items in flight.
        int shards = Math.Max(FewestShards, 2 * ((control.Concurrency / manifest.ItemsPerShard) + 1));
        return plan with { ShardsAtOnce = shards, ItemsAtOnce = shards * manifest.ItemsPerShard };
    }

    /// <summary>Starts no further activity, ends the waits of items, and waits until those in flight are recorded.</summary>
    /// <returns>A task that ends when nothing is in flight.</returns>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var draining = service.DrainAsync(cancellationToken);
        await SendingStop.BeginAsync();
        await draining;
    }

    public async ValueTask DisposeAsync()
    {
        if (isStarted)
        {
            // Activities in flight are abandoned, not lost: they run again at the next start.
            await worker.StopAsync(isForced: true);
        }

        worker.Dispose();
        SendingStop.Dispose();
        await service.DisposeAsync();
    }

    void AddOrchestrator(DurableTaskShimFactory shims, string name, ITaskOrchestrator orchestrator) =>
        worker.AddTaskOrchestrations(new NamedCreator<TaskOrchestration>(name, () => shims.CreateOrchestration(name, orchestrator)));

    void AddActivity(DurableTaskShimFactory shims, string name, ITaskActivity activity)
    {
        var guarded = new StorageGuard(activity, folder, storeFault);
        worker.AddTaskActivities(new NamedCreator<TaskActivity>(name, () => shims.CreateActivity(name, guarded)));
    }
}
