namespace Rollcall.Orchestration;

/// <summary>Wakes everything in an orchestrator that waits for it. It is set from the orchestrator's own turns only.</summary>
sealed class WakeSignal
{
    TaskCompletionSource source = new();

    /// <summary>Ends with the next signal.</summary>
    public Task Next => source.Task;

    /// <summary>Gives the signal.</summary>
    public void Set()
    {
        var waiting = source;
        source = new TaskCompletionSource();
        waiting.SetResult();
    }
}
