using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

static class ContextExtensions
{
    /// <summary>Waits by a durable timer, which holds no activity's slot, or until a signal.</summary>
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
