namespace Rollcall.Sqlite.Storage;

/// <summary>An operation with a result.</summary>
sealed class Operation<T>(Func<T> execute) : Operation
{
    // Continuations must not run on the database's thread.
    readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T result = default!;

    public Task<T> Task => completion.Task;

    public override void Execute() => result = execute();

    public override void Complete() => completion.TrySetResult(result);

    public override void Fail(Exception exception) => completion.TrySetException(exception);
}
