using Microsoft.DurableTask;

namespace Rollcall.Functions.Orchestration;

/// <summary>The context of an activity that the Functions worker runs.</summary>
/// <param name="instanceId">The orchestration that called it.</param>
sealed class ActivityContext(TaskName name, string instanceId) : TaskActivityContext
{
    public override TaskName Name => name;

    public override string InstanceId => instanceId;
}
