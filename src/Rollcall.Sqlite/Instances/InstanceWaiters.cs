using DurableTask.Core;

namespace Rollcall.Sqlite.Instances;

/// <summary>The callers that wait for the end of an instance.</summary>
sealed class InstanceWaiters
{
    readonly Lock gate = new();
    readonly Dictionary<string, List<TaskCompletionSource<OrchestrationState>>> waiters = new(StringComparer.Ordinal);
    Exception? failure;

    public TaskCompletionSource<OrchestrationState> Add(string instanceId)
    {
        var waiter = new TaskCompletionSource<OrchestrationState>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (failure is not null)
            {
                throw failure;
            }

            if (!waiters.TryGetValue(instanceId, out var others))
            {
                waiters[instanceId] = others = [];
            }

            others.Add(waiter);
        }

        return waiter;
    }

    public void Remove(string instanceId, TaskCompletionSource<OrchestrationState> waiter)
    {
        lock (gate)
        {
            if (waiters.TryGetValue(instanceId, out var others) && others.Remove(waiter) && others.Count == 0)
            {
                waiters.Remove(instanceId);
            }
        }
    }

    public void Ended(OrchestrationState state)
    {
        lock (gate)
        {
            if (!waiters.Remove(state.OrchestrationInstance.InstanceId, out var ended))
            {
                return;
            }

            foreach (var waiter in ended)
            {
                waiter.TrySetResult(state);
            }
        }
    }

    public void Fail(Exception exception)
    {
        lock (gate)
        {
            failure = exception;
            foreach (var waiter in waiters.Values.SelectMany(list => list))
            {
                waiter.TrySetException(exception);
            }

            waiters.Clear();
        }
    }
}
