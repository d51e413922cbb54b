using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Serialization;

namespace Rollcall.Orchestration;

/// <summary>The inputs, outputs and events of orchestrators and activities. The engine of each host serializes with it.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BatchControl))]
[JsonSerializable(typeof(BatchPlan))]
[JsonSerializable(typeof(BatchRunAddress))]
[JsonSerializable(typeof(BatchRunStatus))]
[JsonSerializable(typeof(BatchTally))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(LanePlan))]
[JsonSerializable(typeof(NoticeRecord))]
[JsonSerializable(typeof(NoticePlan))]
[JsonSerializable(typeof(NoticeStatus))]
[JsonSerializable(typeof(PostItemInput))]
[JsonSerializable(typeof(SealedBatch))]
[JsonSerializable(typeof(SealResult))]
[JsonSerializable(typeof(SendNoticeInput))]
[JsonSerializable(typeof(SendNoticeResult))]
[JsonSerializable(typeof(SendResult))]
[JsonSerializable(typeof(ShardAddress))]
[JsonSerializable(typeof(ShardOutcomes))]
[JsonSerializable(typeof(ShardRange))]
[JsonSerializable(typeof(ShardResult))]
[JsonSerializable(typeof(ShardPlan))]
[JsonSerializable(typeof(SpareLanes))]
[JsonSerializable(typeof(UnsentShards))]
[JsonSerializable(typeof(WrittenShard))]
[JsonSerializable(typeof(WrittenShards))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(string))]
public sealed partial class OrchestrationJson : JsonSerializerContext
{
    /// <summary>The context to use: see <see cref="RollcallJson"/>.</summary>
    public static OrchestrationJson Compact { get; } = new(RollcallJson.CreateOptions());
}
