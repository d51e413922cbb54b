using DurableTask.Core;

namespace Rollcall.Sqlite.Tables;

/// <summary>Which statuses an instance does not leave.</summary>
static class InstanceStatus
{
    public static bool IsFinal(OrchestrationStatus status) => status
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}
