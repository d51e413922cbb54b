using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="WriteNotice"/>.</summary>
/// <param name="Run">The run, from 1.</param>
/// <param name="Status">The final status of its notice.</param>
public sealed record NoticeRecord(string BatchId, int Run, NoticeStatus Status);

/// <summary>Records the final status of a notice, unless one is recorded already. Returns the id of the notice's orchestration.</summary>
/// <param name="store">Where the batch is stored.</param>
[DurableTask(nameof(WriteNotice))]
public sealed class WriteNotice(IBatchStore store) : TaskActivity<NoticeRecord, string>
{
    /// <inheritdoc/>
    public override async Task<string> RunAsync(TaskActivityContext context, NoticeRecord input)
    {
        await store.WriteNoticeAsync(input.BatchId, input.Run, input.Status, CancellationToken.None);
        return NoticePlan.InstanceIdOf(input.BatchId, input.Run);
    }
}
