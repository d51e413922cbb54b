using Microsoft.DurableTask;

namespace Rollcall.Tests.Building;

/// <summary>A call of an activity or an orchestrator, which the test answers.</summary>
sealed class FakeCall(string name, object? input)
{
    readonly TaskCompletionSource<object?> answer = new();

    public object? Input => input;

    public Task<object?> Answered => answer.Task;

    public T InputAs<T>() => (T)input!;

    public void Answer(object result) => answer.SetResult(result);

    /// <summary>Ends it as the platform does when the last try threw.</summary>
    public void Fail(string message) => answer.SetException(new TaskFailedException(name, 1, new InvalidOperationException(message)));
}
