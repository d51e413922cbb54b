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
            EndTimer(awake);
        }
    }

    // In this very turn: what CancelAsync returns ends on another thread, which an orchestrator must not wait for, and then hangs.
    static void EndTimer(CancellationTokenSource awake) => awake.Cancel();
}
