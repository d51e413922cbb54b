using DurableTask.Core;
using DurableTask.Core.Query;
using Rollcall.Sqlite.Activities;
using Rollcall.Sqlite.Orchestrations;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite;

/// <summary>
/// A Durable Task Framework provider over one SQLite file, for one process. Work is done only when it is recorded: what a transaction
/// creates is given out after that transaction is on disk, and a call that has returned is on disk.
/// </summary>
public sealed class SqliteOrchestrationService :
    IOrchestrationService,
    IOrchestrationServiceClient,
    IOrchestrationServiceQueryClient,
    IOrchestrationServicePurgeClient,
    IAsyncDisposable,
    IDisposable
{
    // While one dispatcher waits for the file, the others continue.
    const int OrchestrationDispatchers = 2;
    const int FaultDelaySeconds = 10;

    readonly SqliteOrchestrationServiceOptions options;
    readonly Engine engine;

    SqliteOrchestrationService(SqliteOrchestrationServiceOptions options, Engine engine)
    {
        this.options = options;
        this.engine = engine;
    }

    /// <summary>
    /// Ends with the reason when the storage has failed permanently. Stop the host then: every later call fails with the same reason. Until
    /// then it does not end.
    /// </summary>
    public Task<SqliteStorageException> Fault => engine.Database.Fault;

    /// <inheritdoc/>
    public int TaskOrchestrationDispatcherCount => OrchestrationDispatchers;

    /// <inheritdoc/>
    public int MaxConcurrentTaskOrchestrationWorkItems => options.MaxConcurrentOrchestrations;

    /// <inheritdoc/>
    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    /// <inheritdoc/>
    public int TaskActivityDispatcherCount => 1;

    /// <inheritdoc/>
    public int MaxConcurrentTaskActivityWorkItems => options.MaxConcurrentActivities;

    /// <summary>Opens the file, or creates it if it does not exist, and resumes the recorded work.</summary>
    /// <returns>The service. Dispose it to let another process open the file.</returns>
    /// <exception cref="ArgumentException">A setting is not allowed.</exception>
    /// <exception cref="SqliteStorageException">The file cannot be used.</exception>
    public static SqliteOrchestrationService Open(SqliteOrchestrationServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SqliteOrchestrationService(options, Engine.Open(options));
    }

    /// <summary>
    /// Gives out no more work, and waits until running work has ended and is recorded. The rest stays in the file. Stop the worker after
    /// this, with <c>isForced: true</c>; it then stops at once.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait. Work that has not ended by then runs again at the next start.</param>
    /// <returns>A task that ends when no work is running.</returns>
    public Task DrainAsync(CancellationToken cancellationToken = default) => engine.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync() => engine.StartAsync();

    /// <inheritdoc/>
    public Task StopAsync() => StopAsync(isForced: false);

    /// <summary>Gives out no more work, and ends the waits of dispatchers.</summary>
    /// <param name="isForced">Ignored: use <see cref="DrainAsync"/> to wait for running work.</param>
    /// <returns>A task that has ended.</returns>
    public Task StopAsync(bool isForced) => engine.StopAsync();

    /// <summary>Does nothing more than <see cref="CreateIfNotExistsAsync"/>, as the tables are created when the file is opened.</summary>
    /// <returns>A task that has ended.</returns>
    public Task CreateAsync() => CreateAsync(recreateInstanceStore: false);

    /// <inheritdoc/>
    public Task CreateAsync(bool recreateInstanceStore) => recreateInstanceStore ? engine.DeleteAllAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task CreateIfNotExistsAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteAsync() => DeleteAsync(deleteInstanceStore: true);

    /// <summary>Removes all instances and all work. The file itself stays.</summary>
    /// <param name="deleteInstanceStore">With <see langword="false"/>, nothing is removed: work and instances are one store here.</param>
    /// <returns>A task that ends when they are removed.</returns>
    public Task DeleteAsync(bool deleteInstanceStore) => deleteInstanceStore ? engine.DeleteAllAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    /// <inheritdoc/>
    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => Fault.IsCompleted ? FaultDelaySeconds : 0;

    /// <inheritdoc/>
    public int GetDelayInSecondsAfterOnFetchException(Exception exception) =>
        exception is OperationCanceledException ? 0 : FaultDelaySeconds;

    /// <inheritdoc/>
    public async Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken) => (await engine.Orchestrations.TakeAsync(cancellationToken))!;

    /// <summary>Does nothing: an instance stays with its worker until it is released.</summary>
    /// <returns>A task that has ended.</returns>
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage continuedAsNewMessage,
        OrchestrationState orchestrationState) => engine.Orchestrations.CompleteAsync(
            (OrchestrationWorkItem)workItem,
            newOrchestrationRuntimeState,
            outboundMessages,
            orchestratorMessages,
            timerMessages,
            orchestrationState);

    /// <inheritdoc/>
    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        engine.Orchestrations.Abandon((OrchestrationWorkItem)workItem);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        engine.Orchestrations.Release((OrchestrationWorkItem)workItem);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        (await engine.Activities.TakeAsync(cancellationToken))!;

    /// <summary>Does nothing: an activity stays with its worker until it is completed or abandoned.</summary>
    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    /// <inheritdoc/>
    public Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage) =>
        engine.Activities.CompleteAsync((ActivityWorkItem)workItem, responseMessage);

    /// <inheritdoc/>
    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        engine.Activities.Abandon((ActivityWorkItem)workItem);
        return Task.CompletedTask;
    }

    /// <summary>Creates an instance. It never replaces one with the same id that is pending, running or suspended.</summary>
    /// <param name="creationMessage">The message with the start.</param>
    /// <returns>A task that ends when the instance is recorded.</returns>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">Such an instance exists.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => engine.Client.CreateAsync(creationMessage, refused: null);

    /// <summary>Creates an instance, and replaces one with the same id unless it has one of the given statuses.</summary>
    /// <param name="creationMessage">The message with the start.</param>
    /// <param name="dedupeStatuses">Statuses in which an instance is not replaced. Null stands for pending, running and suspended.</param>
    /// <returns>A task that ends when the instance is recorded.</returns>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">An instance in such a status exists.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses) =>
        engine.Client.CreateAsync(creationMessage, dedupeStatuses);

    /// <summary>Sends a message to an instance. It is dropped if the instance does not exist or has ended.</summary>
    /// <returns>A task that ends when the message is recorded.</returns>
    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => engine.Client.SendAsync([message]);

    /// <summary>Sends messages to instances, in one transaction.</summary>
    /// <returns>A task that ends when they are recorded.</returns>
    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages) => engine.Client.SendAsync(messages);

    /// <summary>Waits until an instance ends. The instance need not exist yet.</summary>
    /// <param name="executionId">Ignored: the current execution is waited for, even if it continues as new.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>The state at the end, or <see langword="null"/> if the time runs out.</returns>
    public async Task<OrchestrationState> WaitForOrchestrationAsync(
        string instanceId, string executionId, TimeSpan timeout, CancellationToken cancellationToken) =>
        (await engine.Client.WaitAsync(instanceId, timeout, cancellationToken))!;

    /// <inheritdoc/>
    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string reason) => engine.Client.TerminateAsync(instanceId, reason);

    /// <inheritdoc/>
    public async Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        await engine.Client.FindAsync(instanceId, executionId: null) is { } state ? [state] : [];

    /// <inheritdoc/>
    public async Task<OrchestrationState> GetOrchestrationStateAsync(string instanceId, string executionId) =>
        (await engine.Client.FindAsync(instanceId, executionId))!;

    /// <inheritdoc/>
    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string executionId) =>
        engine.Client.HistoryAsync(instanceId, executionId);

    /// <inheritdoc/>
    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        engine.Purge.PurgeAsync(InstanceFilter.OlderThan(thresholdDateTimeUtc, timeRangeFilterType), timeout: null);

    /// <inheritdoc/>
    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken) =>
        engine.Client.QueryAsync(query).WaitAsync(cancellationToken);

    /// <summary>Removes an instance that has ended. If it has not ended, it is not removed, and the count is 0.</summary>
    /// <returns>How many were removed.</returns>
    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId) => engine.Purge.PurgeAsync(instanceId);

    /// <summary>Removes the instances that match the filter and have ended.</summary>
    /// <param name="purgeInstanceFilter">Which instances.</param>
    /// <returns>How many were removed, and whether that is all of them.</returns>
    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) =>
        engine.Purge.PurgeAsync(InstanceFilter.Of(purgeInstanceFilter), purgeInstanceFilter.Timeout);

    /// <summary>
    /// Erases the last traces of removed data from the files: data is overwritten in the database when it is removed, and this empties the
    /// log, which has copies of it.
    /// </summary>
    /// <returns>A task that ends when the log is empty.</returns>
    public Task EraseRemovedAsync() => engine.Database.EmptyLog();

    /// <summary>Records what is queued and closes the file. Work that is still running runs again at the next start.</summary>
    public void Dispose() => engine.Dispose();

    /// <summary>Does the same as <see cref="Dispose"/> without blocking the caller's thread.</summary>
    /// <returns>A task that ends when the file is closed.</returns>
    public ValueTask DisposeAsync() => new(Task.Run(engine.Dispose));
}
