using DurableTask.Core;

namespace Rollcall.Sqlite.Tables;

/// <summary>What the database's thread knows about an instance.</summary>
sealed class InstanceRow(long key, string instanceId)
{
    public long Key => key;

    public string InstanceId => instanceId;

    public required string ExecutionId { get; set; }

    public required OrchestrationStatus Status { get; set; }

    /// <summary>How many turns are recorded. At 0 the instance has not started.</summary>
    public required long Turns { get; set; }

    public bool HasEnded => InstanceStatus.IsFinal(Status);
}

/// <summary>Which statuses are final.</summary>
static class InstanceStatus
{
    public static IReadOnlyList<OrchestrationStatus> Final { get; } =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Canceled, OrchestrationStatus.Terminated];

    public static bool IsFinal(OrchestrationStatus status) => Final.Contains(status);
}
