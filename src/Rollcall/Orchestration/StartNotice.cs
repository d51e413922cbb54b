using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>
/// Schedules the notice of a run that has ended, unless its final status is recorded already. Returns the id of the notice's orchestration.
/// </summary>
/// <param name="store">Where the batch is stored.</param>
[DurableTask(nameof(StartNotice))]
public sealed class StartNotice(IBatchStore store, IBatchScheduler scheduler) : TaskActivity<BatchRunAddress, string>
{
    /// <inheritdoc/>
    public override async Task<string> RunAsync(TaskActivityContext context, BatchRunAddress input)
    {
        var notice = NoticePlan.Of(await store.GetManifestAsync(input.BatchId), input.Run);
        if (await store.FindNoticeAsync(input.BatchId, input.Run, CancellationToken.None) is null)
        {
            await scheduler.ScheduleNoticeAsync(notice, CancellationToken.None);
        }

        return notice.InstanceId;
    }
}
