using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Rollcall.Tests.Building;

/// <summary>
/// An orchestration in which the test completes each call, fires each timer and sends each event. Everything happens on the test's thread,
/// in its order.
/// </summary>
sealed class FakeOrchestration(string instanceId = TestBatch.Id) : TaskOrchestrationContext
{
    readonly Dictionary<string, Queue<TaskCompletionSource<object?>>> listeners = [];

    /// <summary>The calls that are not completed yet, in order.</summary>
    public List<FakeCall> Calls { get; } = [];

    /// <summary>The timers that were neither fired nor cancelled, in order.</summary>
    public List<FakeTimer> Timers { get; } = [];

    /// <summary>The events that it sent, in order.</summary>
    public List<(string InstanceId, string Name, object Payload)> Sent { get; } = [];

    public override TaskName Name => nameof(FakeOrchestration);

    public override string InstanceId => instanceId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime { get; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Delivers an event to the code that waits for it.</summary>
    public void Raise(string name, object payload) => listeners[name].Dequeue().SetResult(payload);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        (TResult)(await CallAsync(name, input))!;

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        (TResult)(await CallAsync(orchestratorName, input))!;

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = new FakeTimer(fireAt - CurrentUtcDateTime);
        Timers.Add(timer);
        using var cancelled = cancellationToken.UnsafeRegister(_ => timer.Cancel(), state: null);
        try
        {
            await timer.Fired;
        }
        finally
        {
            Timers.Remove(timer);
        }
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var source = new TaskCompletionSource<object?>();
        if (!listeners.TryGetValue(eventName, out var waiting))
        {
            listeners[eventName] = waiting = new Queue<TaskCompletionSource<object?>>();
        }

        waiting.Enqueue(source);
        return (T)(await source.Task)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => Sent.Add((instanceId, eventName, payload));

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override T GetInput<T>() => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    async Task<object?> CallAsync(TaskName name, object? input)
    {
        var call = new FakeCall(name.Name, input);
        Calls.Add(call);
        try
        {
            return await call.Responded;
        }
        finally
        {
            Calls.Remove(call);
        }
    }
}
