using Microsoft.Azure.Functions.Worker;
using Rollcall.Batches;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;

namespace Rollcall.Functions.Orchestration;

/// <summary>The activity triggers, which call the core's activities of the same names.</summary>
/// <param name="postItem">Sends an item.</param>
/// <param name="writeShard">Writes a shard's results.</param>
/// <param name="writeUnsent">Writes the results of shards that were not sent.</param>
/// <param name="sealBatch">Seals a batch.</param>
/// <param name="findWritten">Finds what an earlier run of a batch has written.</param>
/// <param name="selectItems">Selects the items that a redrive sends.</param>
/// <param name="stopBatch">Stops a batch in which too many items failed.</param>
sealed class ActivityFunctions(
    PostItem postItem,
    WriteShard writeShard,
    WriteUnsent writeUnsent,
    SealBatch sealBatch,
    FindWritten findWritten,
    SelectItems selectItems,
    StopBatch stopBatch)
{
    [Function(nameof(PostItem))]
    public Task<SendResult> PostItemAsync([ActivityTrigger] PostItemInput input, string instanceId) =>
        postItem.RunAsync(new ActivityContext(nameof(PostItem), instanceId), input);

    [Function(nameof(WriteShard))]
    public Task<WrittenShard> WriteShardAsync([ActivityTrigger] ShardOutcomes input, string instanceId) =>
        writeShard.RunAsync(new ActivityContext(nameof(WriteShard), instanceId), input);

    [Function(nameof(WriteUnsent))]
    public Task<BatchTally> WriteUnsentAsync([ActivityTrigger] UnsentShards input, string instanceId) =>
        writeUnsent.RunAsync(new ActivityContext(nameof(WriteUnsent), instanceId), input);

    [Function(nameof(SealBatch))]
    public Task<SealResult> SealBatchAsync([ActivityTrigger] BatchRunAddress input, string instanceId) =>
        sealBatch.RunAsync(new ActivityContext(nameof(SealBatch), instanceId), input);

    [Function(nameof(FindWritten))]
    public Task<WrittenShards> FindWrittenAsync([ActivityTrigger] ShardRange input, string instanceId) =>
        findWritten.RunAsync(new ActivityContext(nameof(FindWritten), instanceId), input);

    [Function(nameof(SelectItems))]
    public Task<IReadOnlyList<long>> SelectItemsAsync([ActivityTrigger] ShardAddress input, string instanceId) =>
        selectItems.RunAsync(new ActivityContext(nameof(SelectItems), instanceId), input);

    [Function(nameof(StopBatch))]
    public Task<BatchStop> StopBatchAsync([ActivityTrigger] string input, string instanceId) =>
        stopBatch.RunAsync(new ActivityContext(nameof(StopBatch), instanceId), input);
}
