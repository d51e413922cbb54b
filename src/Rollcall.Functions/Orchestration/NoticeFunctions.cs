using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Storage;

namespace Rollcall.Functions.Orchestration;

/// <summary>The activity triggers for notices, which call the core's activities of the same names.</summary>
/// <param name="store">Stores the batches.</param>
/// <param name="sender">Sends notices.</param>
/// <param name="writeNotice">Records the outcome of a notice.</param>
sealed class NoticeFunctions(IBatchStore store, NoticeSender sender, WriteNotice writeNotice, InstanceRecords records)
{
    [Function(nameof(StartNotice))]
    public Task<string> StartNoticeAsync(
        [ActivityTrigger] BatchRunAddress input, string instanceId, [DurableClient] DurableTaskClient client) =>
        new StartNotice(store, new DurableScheduler(client, records)).RunAsync(new ActivityContext(nameof(StartNotice), instanceId), input);

    [Function(nameof(SendNotice))]
    public Task<SendNoticeResult> SendNoticeAsync(
        [ActivityTrigger] SendNoticeInput input, string instanceId, [DurableClient] DurableTaskClient client) =>
        new SendNotice(store, sender, new DurableScheduler(client, records)).RunAsync(
            new ActivityContext(nameof(SendNotice), instanceId),
            input);

    [Function(nameof(WriteNotice))]
    public Task<string> WriteNoticeAsync([ActivityTrigger] NoticeRecord input, string instanceId) =>
        writeNotice.RunAsync(new ActivityContext(nameof(WriteNotice), instanceId), input);
}
