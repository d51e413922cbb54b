using Microsoft.Azure.Functions.Worker;
using Rollcall.Batches;
using Rollcall.Orchestration;

namespace Rollcall.Functions.Orchestration;

/// <summary>The activity triggers: the core's activities, under their names.</summary>
/// <param name="postItem">Sends an item.</param>
/// <param name="writeShard">Writes a shard's results.</param>
/// <param name="sealBatch">Seals a batch.</param>
/// <param name="findWritten">Finds what another run of a batch has written.</param>
sealed class ActivityFunctions(PostItem postItem, WriteShard writeShard, SealBatch sealBatch, FindWritten findWritten)
{
    [Function(nameof(PostItem))]
    public Task<PostItemResult> PostItemAsync([ActivityTrigger] PostItemInput input, string instanceId) =>
        postItem.RunAsync(new ActivityContext(nameof(PostItem), instanceId), input);

    [Function(nameof(WriteShard))]
    public Task<OutcomeCounts> WriteShardAsync([ActivityTrigger] ShardOutcomes input, string instanceId) =>
        writeShard.RunAsync(new ActivityContext(nameof(WriteShard), instanceId), input);

    [Function(nameof(SealBatch))]
    public Task<SealedBatch> SealBatchAsync([ActivityTrigger] string input, string instanceId) =>
        sealBatch.RunAsync(new ActivityContext(nameof(SealBatch), instanceId), input);

    [Function(nameof(FindWritten))]
    public Task<WrittenShards> FindWrittenAsync([ActivityTrigger] ShardRange input, string instanceId) =>
        findWritten.RunAsync(new ActivityContext(nameof(FindWritten), instanceId), input);
}
