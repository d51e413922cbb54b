using Microsoft.DurableTask;

namespace Rollcall.Orchestration;

/// <summary>What an orchestrator is told while it works.</summary>
static class ExternalEvents
{
    /// <summary>Takes events until the orchestrator's work is over. Only one that cannot be read ends it earlier.</summary>
    /// <param name="isOver">Whether the work is over.</param>
    public static async Task ListenAsync<T>(this TaskOrchestrationContext context, string eventName, Action<T> take, Func<bool> isOver)
    {
        while (!isOver())
        {
            take(await context.WaitForExternalEvent<T>(eventName));
        }
    }
}
