using DurableTask.Core;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>What the function of an orchestration may use.</summary>
sealed class InlineContext(OrchestrationContext context, InlineEvents events)
{
    public OrchestrationContext Framework => context;

    public string? Status { get; set; }

    public Task<string> WaitForEvent(string name) => events.Wait(name);

    public Task<T> CallActivity<T>(string name, params object?[] input) => context.ScheduleTask<T>(name, "", input);

    public Task<T> CallSubOrchestration<T>(string name, string id, object? input) =>
        context.CreateSubOrchestrationInstance<T>(name, "", id, input);
}
