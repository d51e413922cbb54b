using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Extensions.Timers;

namespace Rollcall.FunctionsHost.Jobs;

/// <summary>Remembers when timers ran for as long as the host runs. The SDK's own monitor needs a package that is not public.</summary>
sealed class MemorySchedule : ScheduleMonitor
{
    readonly ConcurrentDictionary<string, ScheduleStatus> statuses = new();

    public override Task<ScheduleStatus> GetStatusAsync(string timerName) => Task.FromResult(statuses.GetValueOrDefault(timerName)!);

    public override Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        statuses[timerName] = status;
        return Task.CompletedTask;
    }
}
