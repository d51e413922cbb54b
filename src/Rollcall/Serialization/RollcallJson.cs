using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rollcall.Batches;
using Rollcall.Control;
using Rollcall.Items;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Serialization;

/// <summary>Source-generated JSON for every type that Rollcall stores or passes between its orchestrators and activities.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BatchControl))]
[JsonSerializable(typeof(BatchDeletion))]
[JsonSerializable(typeof(BatchFailure))]
[JsonSerializable(typeof(BatchManifest))]
[JsonSerializable(typeof(BatchRepair))]
[JsonSerializable(typeof(BatchRun))]
[JsonSerializable(typeof(BatchRunAddress))]
[JsonSerializable(typeof(BatchRunStatus))]
[JsonSerializable(typeof(BatchStop))]
[JsonSerializable(typeof(BatchTally))]
[JsonSerializable(typeof(IReadOnlyList<Attempt>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
[JsonSerializable(typeof(ItemErrorCode))]
[JsonSerializable(typeof(ItemOutcome))]
[JsonSerializable(typeof(LanePlan))]
[JsonSerializable(typeof(NoticeEvent))]
[JsonSerializable(typeof(NoticeRecord))]
[JsonSerializable(typeof(NoticeRun))]
[JsonSerializable(typeof(NoticeStatus))]
[JsonSerializable(typeof(OutcomeCounts))]
[JsonSerializable(typeof(OutcomeStatus))]
[JsonSerializable(typeof(PostItemInput))]
[JsonSerializable(typeof(PostItemResult))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(Rejection))]
[JsonSerializable(typeof(SendNoticeInput))]
[JsonSerializable(typeof(SendNoticeResult))]
[JsonSerializable(typeof(ShardAddress))]
[JsonSerializable(typeof(ShardRange))]
[JsonSerializable(typeof(ShardResult))]
[JsonSerializable(typeof(ShardRun))]
[JsonSerializable(typeof(ShardOutcomes))]
[JsonSerializable(typeof(SealedBatch))]
[JsonSerializable(typeof(SealResult))]
[JsonSerializable(typeof(SlotMark))]
[JsonSerializable(typeof(UnsentShards))]
[JsonSerializable(typeof(WrittenShard))]
[JsonSerializable(typeof(SpareLanes))]
[JsonSerializable(typeof(WrittenShards))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(string))]
public sealed partial class RollcallJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use. It escapes only what JSON requires: the output is never placed in HTML, and answers that are JSON
    /// themselves would otherwise grow threefold.
    /// </summary>
    public static RollcallJson Compact { get; } = new(CreateOptions(indented: false));

    /// <summary>As <see cref="Compact"/>, indented for files that people open.</summary>
    public static RollcallJson Indented { get; } = new(CreateOptions(indented: true));

    static JsonSerializerOptions CreateOptions(bool indented) => new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        WriteIndented = indented,
    };
}
