using Microsoft.DurableTask;

namespace Rollcall.Tests.Building;

/// <summary>A call of an activity or an orchestrator, whose result the test sets.</summary>
sealed class FakeCall(string name, object? input)
{
    readonly TaskCompletionSource<object?> answer = new();

    public object? Input => input;

    public Task<object?> Answered => answer.Task;

    public T InputAs<T>() => (T)input!;

    public void Answer(object result) => answer.SetResult(result);

    /// <summary>Ends it like the platform does when the last try has thrown.</summary>
    public void Fail(string message) => answer.SetException(new TaskFailedException(name, 1, new InvalidOperationException(message)));
}
