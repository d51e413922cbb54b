using DurableTask.Core;
using DurableTask.Core.Query;
using Rollcall.Sqlite.Activities;
using Rollcall.Sqlite.Orchestrations;
using Rollcall.Sqlite.Tables;

namespace Rollcall.Sqlite;

/// <summary>
/// A Durable Task Framework provider over one SQLite file, for one process. Work is done only when it is recorded: what a
/// transaction creates is handed out after that transaction is on disk, and what a caller is told is done is on disk.
/// </summary>
public sealed class SqliteOrchestrationService :
    IOrchestrationService,
    IOrchestrationServiceClient,
    IOrchestrationServiceQueryClient,
    IOrchestrationServicePurgeClient,
    IAsyncDisposable,
    IDisposable
{
    // A dispatcher that fetches waits for the file now and then; others go on meanwhile.
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
    /// Ends when the storage has failed for good, with the reason: stop the host then. Every later call fails with the same reason.
    /// Until then it does not end.
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

    /// <summary>Opens the file, creating it when it does not exist, and takes up what is recorded in it.</summary>
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
    /// Hands out no more work and waits until what is handed out has ended and is recorded. What is left stays in the file.
    /// Stop the worker after it, with <c>isForced: true</c>; it then stops at once.
    /// </summary>
    /// <param name="cancellationToken">Stops the waiting. What did not end by then is run again at the next start.</param>
    /// <returns>A task that ends when nothing is handed out any more.</returns>
    public Task DrainAsync(CancellationToken cancellationToken = default) => engine.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync() => engine.StartAsync();

    /// <inheritdoc/>
    public Task StopAsync() => StopAsync(isForced: false);

    /// <summary>Hands out no more work and sends away the dispatchers that wait for some.</summary>
    /// <param name="isForced">Makes no difference: use <see cref="DrainAsync"/> to wait for work that runs.</param>
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

    /// <summary>Creates an instance. One that is pending, running or suspended under the same id is never replaced by this.</summary>
    /// <param name="creationMessage">The message with the start.</param>
    /// <returns>A task that ends when the instance is recorded.</returns>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">Such an instance exists.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => engine.Client.CreateAsync(creationMessage, refused: null);

    /// <summary>Creates an instance, replacing one under the same id whose status is not among those given.</summary>
    /// <param name="creationMessage">The message with the start.</param>
    /// <param name="dedupeStatuses">Statuses in which an instance is not replaced. Null stands for pending, running and suspended.</param>
    /// <returns>A task that ends when the instance is recorded.</returns>
    /// <exception cref="DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">An instance in such a status exists.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses) =>
        engine.Client.CreateAsync(creationMessage, dedupeStatuses);

    /// <summary>Sends a message to an instance. It is dropped when there is no such instance, or when the instance has ended.</summary>
    /// <returns>A task that ends when the message is recorded.</returns>
    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => engine.Client.SendAsync([message]);

    /// <summary>Sends messages to instances, in one transaction.</summary>
    /// <returns>A task that ends when they are recorded.</returns>
    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages) => engine.Client.SendAsync(messages);

    /// <summary>Waits until an instance ends. One that does not exist yet is waited for as well.</summary>
    /// <param name="executionId">Not looked at: the current execution is waited for, also when it continues as new.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <returns>The state at the end, or <see langword="null"/> when the time is over.</returns>
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

    /// <summary>Removes an instance that has ended. One that runs is left alone: the result then counts none.</summary>
    /// <returns>How many were removed.</returns>
    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId) => engine.Purge.PurgeAsync(instanceId);

    /// <summary>Removes the instances that have ended among those that the filter means.</summary>
    /// <param name="purgeInstanceFilter">Which instances.</param>
    /// <returns>How many were removed, and whether all were.</returns>
    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter) =>
        engine.Purge.PurgeAsync(InstanceFilter.Of(purgeInstanceFilter), purgeInstanceFilter.Timeout);

    /// <summary>
    /// Leaves nothing in the files of what was removed before: where it was is overwritten as it is removed, and this empties the log that
    /// has copies of it.
    /// </summary>
    /// <returns>A task that ends when that is so.</returns>
    public Task EraseRemovedAsync() => engine.Database.EmptyLog();

    /// <summary>Records what is queued and closes the file. Work that still runs is run again at the next start.</summary>
    public void Dispose() => engine.Dispose();

    /// <summary>Does the same as <see cref="Dispose"/> without holding up the caller's thread.</summary>
    /// <returns>A task that ends when the file is closed.</returns>
    public ValueTask DisposeAsync() => new(Task.Run(engine.Dispose));
}
