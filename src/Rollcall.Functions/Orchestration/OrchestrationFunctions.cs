using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Orchestration;

namespace Rollcall.Functions.Orchestration;

/// <summary>The orchestration triggers, which call the core's orchestrators of the same names.</summary>
static class OrchestrationFunctions
{
    [Function(nameof(BatchOrchestrator))]
    public static Task<SealedBatch?> RunBatchAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new BatchOrchestrator().RunAsync(context, context.GetInput<BatchPlan>()!);

    [Function(nameof(ShardOrchestrator))]
    public static Task<ShardResult> RunShardAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new ShardOrchestrator().RunAsync(context, context.GetInput<ShardPlan>()!);

    [Function(nameof(NoticeOrchestrator))]
    public static Task<NoticeStatus> RunNoticeAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new NoticeOrchestrator().RunAsync(context, context.GetInput<NoticePlan>()!);
}
