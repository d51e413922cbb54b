using DurableTask.Core.History;
using Microsoft.Extensions.Logging;

namespace Rollcall.Sqlite;

/// <summary>The log messages of the service. Inputs, outputs and event data are never logged.</summary>
static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Opened {Path}: {Ready} instances have messages waiting, {Activities} activities are waiting to run.")]
    public static partial void Opened(ILogger logger, string path, int ready, long activities);

    [LoggerMessage(2, LogLevel.Critical, "The storage failed. No more work is given out or recorded.")]
    public static partial void StorageFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Did not start instance {InstanceId}: one with this id is running.")]
    public static partial void StartRefused(ILogger logger, string instanceId);

    [LoggerMessage(7, LogLevel.Debug, "Did not deliver a message of type {Type} to instance {InstanceId}: {Why}.")]
    public static partial void MessageNotDelivered(ILogger logger, EventType type, string instanceId, string why);

    [LoggerMessage(4, LogLevel.Warning, "A turn of instance {InstanceId} was abandoned. It is retried in {Delay}.")]
    public static partial void TurnAbandoned(ILogger logger, string instanceId, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Warning, "Activity {Name} of instance {InstanceId} was abandoned. It is retried in {Delay}.")]
    public static partial void ActivityAbandoned(ILogger logger, string? name, string? instanceId, TimeSpan delay);

    [LoggerMessage(6, LogLevel.Error, "A delayed task failed.")]
    public static partial void DelayedTaskFailed(ILogger logger, Exception exception);
}
