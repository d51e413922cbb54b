using DurableTask.Core;

namespace Rollcall.Sqlite.Orchestrations;

/// <summary>Keeps an instance in memory between turns, so that nothing is replayed.</summary>
sealed class InstanceSession(Mailboxes mailboxes, TimeSpan idleTimeout, TimeProvider time) : IOrchestrationSession
{
    public async Task<IList<TaskMessage>?> FetchNewOrchestrationMessagesAsync(TaskOrchestrationWorkItem workItem)
    {
        var item = (OrchestrationWorkItem)workItem;
        return await mailboxes.WaitAsync(item.Mailbox, time.GetUtcNow() + idleTimeout) is { } messages ? item.Take(messages) : null;
    }

    // The framework releases the work item right after this, and then the next worker can take the instance.
    public Task EndSessionAsync() => Task.CompletedTask;
}
