using Microsoft.DurableTask;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>Records what became of a notice, unless that is recorded already. Returns the id of the notice's orchestration.</summary>
/// <param name="store">Where the batch is.</param>
[DurableTask(nameof(WriteNotice))]
public sealed class WriteNotice(IBatchStore store) : TaskActivity<NoticeRecord, string>
{
    /// <inheritdoc/>
    public override async Task<string> RunAsync(TaskActivityContext context, NoticeRecord input)
    {
        await store.WriteNoticeAsync(input.BatchId, input.Run, input.Status, CancellationToken.None);
        return NoticeRun.InstanceIdOf(input.BatchId, input.Run);
    }
}
