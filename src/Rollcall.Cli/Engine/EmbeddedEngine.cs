using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>Runs the core's orchestrators in this process, durably on one SQLite file.</summary>
sealed class EmbeddedEngine : IAsyncDisposable
{
    const int FewestShards = 4;

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

    /// <summary>Schedules, finds and purges its orchestrations.</summary>
    public EngineScheduler Scheduler { get; }

    /// <summary>Ends, with the reason, when the engine or a batch's store can no longer record anything. Otherwise it never ends.</summary>
    public async Task<Exception> WaitForFaultAsync() =>
        await Task.WhenAny(storeFault.Task, service.Fault) == service.Fault ? await service.Fault : await storeFault.Task;

    /// <summary>Opens the engine's database, which no other process can then open.</summary>
    /// <param name="databasePath">The database file, in the folder that also has the batches.</param>
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

        // The name of a file that was just made is not durable by the file's own flushes.
        string folder = Path.GetDirectoryName(Path.GetFullPath(databasePath))!;
        DurableFile.FlushFolder(folder);
        return new EmbeddedEngine(service, folder);
    }

    /// <summary>
    /// Opens the engine's database, or a new one in the place of one that is damaged, which is kept under another name. All that counts is
    /// in the batches' store: what only the engine knew is sent again.
    /// </summary>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <param name="note">Told in a sentence where the database was damaged.</param>
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
                + $"'{aside}', and its batches go on from what their store has recorded.");
            var engine = Open(databasePath, concurrency, time);
            engine.isReplaced = true;
            return engine;
        }
    }

    /// <summary>Starts to work on whatever the database holds.</summary>
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
    /// Has a batch whose run has no receipt go on, and waits for its end. Where its orchestration has ended, which is then a failed one or
    /// that of the run before, another one takes up what is left.
    /// </summary>
    /// <param name="control">What was changed of it, which an orchestration that is live is told.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>How the batch ended.</returns>
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

            // That of the run before, which has its receipt and ends now.
            await WaitAsync(manifest.Id, cancellationToken);
        }

        var plan = PlanOf(manifest, control);
        await (found is null && control.Run == 1
            ? Scheduler.ScheduleAsync(isReplaced ? plan.AsRepair() : plan, cancellationToken)
            : Scheduler.RescheduleAsync(plan.AsRepair(), cancellationToken));
        return await WaitAsync(manifest.Id, cancellationToken);
    }

    /// <summary>Waits for the end of the orchestration that a batch has.</summary>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>How the batch ended.</returns>
    public Task<OrchestrationState> WaitAsync(string batchId, CancellationToken cancellationToken) =>
        service.WaitForOrchestrationAsync(batchId, executionId: "", Timeout.InfiniteTimeSpan, cancellationToken);

    static BatchPlan PlanOf(BatchManifest manifest, BatchControl control)
    {
        var plan = BatchPlan.Of(manifest, control, liveItems: int.MaxValue);
        if (control.RatePerSecond is not null || plan.FailureLimit is not null)
        {
            // What waits for its turn must not fill the engine's queue; and what is queued there can no longer be held back when too many
            // items have failed.
            return plan;
        }

        // Whole shards are live, because the engine itself bounds what is sent at once.
        int shards = Math.Max(FewestShards, 2 * ((control.Concurrency / manifest.ItemsPerShard) + 1));
        return plan with { ShardsAtOnce = shards, ItemsAtOnce = shards * manifest.ItemsPerShard };
    }

    /// <summary>Hands out no further activity, and waits until those in flight are recorded.</summary>
    /// <returns>A task that ends when nothing is in flight.</returns>
    public Task DrainAsync(CancellationToken cancellationToken) => service.DrainAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (isStarted)
        {
            // What is in flight is given up, not lost: the database hands it out again at the next start.
            await worker.StopAsync(isForced: true);
        }

        worker.Dispose();
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
