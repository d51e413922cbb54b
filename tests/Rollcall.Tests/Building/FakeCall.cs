using Microsoft.DurableTask;

namespace Rollcall.Tests.Building;

/// <summary>A call of an activity or an orchestrator, whose result the test sets.</summary>
sealed class FakeCall(string name, object? input)
{
    readonly TaskCompletionSource<object?> response = new();

    public object? Input => input;

    public Task<object?> Responded => response.Task;

    public T InputAs<T>() => (T)input!;

    public void Response(object result) => response.SetResult(result);

    /// <summary>Ends it like the platform does when the last try has thrown.</summary>
    public void Fail(string message) => response.SetException(new TaskFailedException(name, 1, new InvalidOperationException(message)));
}
