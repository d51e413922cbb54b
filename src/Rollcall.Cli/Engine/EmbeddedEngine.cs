using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.Query;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Newtonsoft.Json.Linq;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Hosting;
using Rollcall.Orchestration;
using Rollcall.Serialization;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Engine;

/// <summary>Runs the core's orchestrators in this process, durably on one SQLite file.</summary>
sealed class EmbeddedEngine : IBatchScheduler, IAsyncDisposable
{
    const int FewestShards = 4;

    static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(5);

    static readonly OrchestrationStatus[] LiveOrTerminated =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended, OrchestrationStatus.Terminated];

    readonly SqliteOrchestrationService service;
    readonly string folder;
    readonly TaskHubWorker worker;
    readonly TaskHubClient client;
    readonly TaskCompletionSource<Exception> storeFault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool isStarted;
    bool isReplaced;

    EmbeddedEngine(SqliteOrchestrationService service, string folder)
    {
        this.service = service;
        this.folder = folder;
        worker = new TaskHubWorker(service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        client = new TaskHubClient(service);
    }

    /// <summary>Ends, with the reason, when the engine or a batch's store can no longer record anything. Otherwise it never ends.</summary>
    public async Task<Exception> WaitForFaultAsync() =>
        await Task.WhenAny(storeFault.Task, service.Fault) == service.Fault ? await service.Fault : await storeFault.Task;

    /// <summary>Opens the engine's database, which no other process can then open.</summary>
    /// <param name="databasePath">The database file, in the folder that also has the batches.</param>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <param name="time">The clock of its timers.</param>
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
    /// Opens the engine's database, or a new one in the place of one that is damaged, which is kept under another name. All that counts is in
    /// the batches' store: what only the engine knew is sent again.
    /// </summary>
    /// <param name="databasePath">The database file.</param>
    /// <param name="concurrency">How many activities run at once.</param>
    /// <param name="time">The clock of its timers.</param>
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
            string aside = SetAside(databasePath);
            note($"The engine's database was damaged ({(exception.InnerException ?? exception).Message.TrimEnd('.')}). It is kept as '{aside}', and its batches go on from what their store has recorded.");
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
        var converter = new JsonDataConverter(RollcallJson.Compact.Options);
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
    /// <param name="manifest">The batch.</param>
    /// <param name="control">What was changed of it, which an orchestration that is live is told.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>How the batch ended.</returns>
    public async Task<OrchestrationState> RunAsync(BatchManifest manifest, BatchControl control, CancellationToken cancellationToken)
    {
        var found = await FindAsync(manifest.Id, cancellationToken);
        if (found is { EndedAt: null })
        {
            await (control.Version == 0 ? Task.CompletedTask : SignalAsync(control, cancellationToken));
            if (found.Status.Run == control.Run)
            {
                return await WaitAsync(manifest.Id, cancellationToken);
            }

            // That of the run before, which has its receipt and ends now.
            await WaitAsync(manifest.Id, cancellationToken);
        }

        var plan = PlanOf(manifest, control);
        await (found is null && control.Run == 1
            ? ScheduleAsync(isReplaced ? plan.AsRepair() : plan, cancellationToken)
            : RescheduleAsync(plan.AsRepair(), cancellationToken));
        return await WaitAsync(manifest.Id, cancellationToken);
    }

    /// <summary>Waits for the end of the orchestration that a batch has.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="cancellationToken">Ends the wait, not the batch.</param>
    /// <returns>How the batch ended.</returns>
    public Task<OrchestrationState> WaitAsync(string batchId, CancellationToken cancellationToken) =>
        service.WaitForOrchestrationAsync(batchId, executionId: "", Timeout.InfiniteTimeSpan, cancellationToken);

    static string SetAside(string databasePath)
    {
        int number = 1;
        while (File.Exists(AsideOf("")))
        {
            number++;
        }

        // The log first: SQLite would take one that is left for the log of the next file of that name.
        foreach (string part in (string[])["-wal", "-shm", ""])
        {
            if (File.Exists(databasePath + part))
            {
                File.Move(databasePath + part, AsideOf(part));
            }
        }

        DurableFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(databasePath))!);
        return AsideOf("");

        string AsideOf(string part) => $"{databasePath}.damaged-{number}{part}";
    }

    static BatchRun PlanOf(BatchManifest manifest, BatchControl control)
    {
        var run = BatchRun.Plan(manifest, control, liveItems: int.MaxValue);
        if (control.RatePerSecond is not null || run.FailureLimit is not null)
        {
            // What waits for its turn must not fill the engine's queue; and what is queued there can no longer be held back when too many
            // items have failed.
            return run;
        }

        // Whole shards are live, because the engine itself bounds what is sent at once.
        int shards = Math.Max(FewestShards, 2 * ((control.Concurrency / manifest.ItemsPerShard) + 1));
        return run with { ShardsAtOnce = shards, ItemsAtOnce = shards * manifest.ItemsPerShard };
    }

    /// <inheritdoc/>
    public Task ScheduleAsync(BatchRun run, CancellationToken cancellationToken) => ScheduleAsync(run, Enum.GetValues<OrchestrationStatus>());

    /// <inheritdoc/>
    public Task ScheduleNoticeAsync(NoticeRun notice, CancellationToken cancellationToken) =>
        ScheduleAsync(nameof(NoticeOrchestrator), notice.InstanceId, JsonSerializer.Serialize(notice, RollcallJson.Compact.NoticeRun), LiveOrTerminated);

    /// <inheritdoc/>
    public async Task<NoticeExecution?> FindNoticeAsync(string batchId, int run, CancellationToken cancellationToken) =>
        await client.GetOrchestrationStateAsync(NoticeRun.InstanceIdOf(batchId, run)) is { } state
            ? new NoticeExecution(
                NoticeExecution.ReadStatus(state.Status),
                state.OrchestrationStatus is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated,
                IsTerminated: state.OrchestrationStatus is OrchestrationStatus.Terminated)
            : null;

    /// <inheritdoc/>
    public Task RescheduleAsync(BatchRun run, CancellationToken cancellationToken) =>
        ScheduleAsync(run, LiveOrTerminated);

    /// <inheritdoc/>
    public async Task SignalAsync(BatchControl control, CancellationToken cancellationToken)
    {
        // Raw, because the client would otherwise serialize the JSON text once more.
        var content = new JRaw(JsonSerializer.Serialize(control, RollcallJson.Compact.BatchControl));
        await client.RaiseEventAsync(new OrchestrationInstance { InstanceId = control.BatchId }, BatchOrchestrator.ControlEvent, content);
    }

    /// <inheritdoc/>
    public async Task<BatchExecution?> FindAsync(string batchId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await client.GetOrchestrationStateAsync(batchId) is not { } state)
            {
                return null;
            }

            bool hasFailed = state.OrchestrationStatus is OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
            bool hasEnded = hasFailed || state.OrchestrationStatus is OrchestrationStatus.Completed;
            var status = BatchExecution.ReadStatus(state.Status);
            var shards = hasEnded ? [] : await Task.WhenAll(status.Live.Select(id => client.GetOrchestrationStateAsync(id)));
            if (Array.IndexOf(shards, null) >= 0 && (await client.GetOrchestrationStateAsync(batchId))?.Status != state.Status)
            {
                // A shard is dropped as the batch takes its outcomes over: the batch's own count has them by now.
                continue;
            }

            return new BatchExecution(
                BatchExecution.AddLive(status, shards.Select(shard => shard?.Status)),
                hasEnded ? state.CompletedTime : null,
                hasFailed ? state.FailureDetails?.ErrorMessage ?? state.Output ?? $"The orchestration ended as {state.OrchestrationStatus}." : null,
                IsTerminated: state.OrchestrationStatus is OrchestrationStatus.Terminated);
        }
    }

    /// <inheritdoc/>
    public async Task<RecordsLeft> PurgeAsync(string batchId, int most, CancellationToken cancellationToken)
    {
        // The batch's own first: while it lives, it starts shards.
        if (await client.GetOrchestrationStateAsync(batchId) is { } batch && !await PurgeAsync(batch))
        {
            return RecordsLeft.Live;
        }

        var query = new OrchestrationQuery { InstanceIdPrefix = BatchRun.InstancePrefixOf(batchId), PageSize = most, FetchInputsAndOutputs = false };
        var shards = (await service.GetOrchestrationWithQueryAsync(query, cancellationToken)).OrchestrationState;
        bool isLive = (await Task.WhenAll(shards.Select(PurgeAsync))).Contains(false);
        if (isLive || shards.Count == most)
        {
            return isLive ? RecordsLeft.Live : RecordsLeft.Removable;
        }

        // Before it is said to be gone: answers that were inline are in the records of its shards.
        await service.EraseRemovedAsync();
        return RecordsLeft.None;
    }

    /// <summary>Hands out no further activity, and waits until those in flight are recorded.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
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

    async Task<bool> PurgeAsync(OrchestrationState state)
    {
        string id = state.OrchestrationInstance.InstanceId;
        if (await RemoveAsync(id))
        {
            return true;
        }

        // What waits ends within a turn, so that it is seldom left for another call.
        await client.TerminateInstanceAsync(new OrchestrationInstance { InstanceId = id }, "The batch is being deleted.");
        await service.WaitForOrchestrationAsync(id, executionId: "", TerminationLimit, CancellationToken.None);
        return await RemoveAsync(id);
    }

    async Task<bool> RemoveAsync(string id) => (await service.PurgeInstanceStateAsync(id)).DeletedInstanceCount > 0;

    Task ScheduleAsync(BatchRun run, OrchestrationStatus[] kept) =>
        ScheduleAsync(nameof(BatchOrchestrator), run.BatchId, JsonSerializer.Serialize(run, RollcallJson.Compact.BatchRun), kept);

    async Task ScheduleAsync(string orchestrator, string instanceId, string input, OrchestrationStatus[] kept)
    {
        try
        {
            // Raw, because the client would otherwise serialize the JSON text once more.
            await client.CreateOrchestrationInstanceAsync(orchestrator, "", instanceId, new JRaw(input), tags: null, kept);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // There is one that stays.
        }
    }

    void AddOrchestrator(DurableTaskShimFactory shims, string name, ITaskOrchestrator orchestrator) =>
        worker.AddTaskOrchestrations(new NamedCreator<TaskOrchestration>(name, () => shims.CreateOrchestration(name, orchestrator)));

    void AddActivity(DurableTaskShimFactory shims, string name, ITaskActivity activity)
    {
        var guarded = new StorageGuard(activity, folder, storeFault);
        worker.AddTaskActivities(new NamedCreator<TaskActivity>(name, () => shims.CreateActivity(name, guarded)));
    }
}
