namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>Something that a test waits for, or that waits for the test.</summary>
sealed class Gate
{
    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => opened.TrySetResult();

    public Task PassAsync() => opened.Task.WaitAsync(TestHub.Patience);
}
