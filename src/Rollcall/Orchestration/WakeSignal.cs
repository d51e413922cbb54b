using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>Wakes everything in an orchestrator that waits for it. It is set only in the orchestrator's own turns.</summary>
sealed class WakeSignal
{
    TaskCompletionSource source = new();

    /// <summary>Completes with the next signal.</summary>
    public Task Next => source.Task;

    /// <summary>Gives the signal.</summary>
    public void Set()
    {
        var waiting = source;
        source = new TaskCompletionSource();
        waiting.SetResult();
    }
}

static class ContextExtensions
{
    /// <summary>Waits for a durable timer, which does not occupy an activity, or for a signal.</summary>
    public static async Task SleepAsync(this TaskOrchestrationContext context, TimeSpan wait, WakeSignal signal)
    {
        using var awake = new CancellationTokenSource();
        var woken = signal.Next;
        if (await Task.WhenAny(context.CreateTimer(wait, awake.Token), woken) == woken)
        {
            End(awake);
        }
    }

    // Not asynchronously: that would leave the orchestrator's own thread, and with it the order of its turns.
    static void End(CancellationTokenSource timer) => timer.Cancel();
}
