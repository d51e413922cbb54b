using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;

namespace Rollcall.Cli.Tests.Engine;

/// <summary>
/// A host that is lost may have queued what its last turn started. The turn that replaces it can give the same numbers to something else,
/// which then gets what the lost turn had started.
/// </summary>
public sealed class LostTurnTests
{
    const string Foreign = """{"nothing":["of","this"]}""";

    static readonly JsonSerializerOptions Json = OrchestrationJson.Compact.Options;

    static readonly ItemOutcome Outcome = new() { Index = 0, Status = OutcomeStatus.Succeeded, HttpStatus = 200 };

    readonly List<HistoryEvent> history = [];
    TaskOrchestration orchestration = null!;
    IReadOnlyList<OrchestratorAction> actions = [];

    [Fact]
    public void Shard_ThatGetsATimerAndOtherResults_AwaitsItsOwn()
    {
        Start(new ShardOrchestrator(), new ShardPlan("b", Run: 1, Shard: 3, FirstIndex: 0, Items: 1, new LanePlan(1)));
        int sending = Scheduled(nameof(PostItem));
        Turn(new TimerFiredEvent(-1) { TimerId = sending });
        sending = Scheduled(nameof(PostItem));
        Complete(sending, Foreign);
        sending = Scheduled(nameof(PostItem));
        Complete(sending, JsonSerializer.Serialize(new SendResult(Outcome with { Index = 7 }), Json));
        sending = Scheduled(nameof(PostItem));
        Complete(sending, JsonSerializer.Serialize(new SendResult(Outcome), Json));

        int writing = Scheduled(nameof(WriteShard));
        Complete(writing, JsonSerializer.Serialize(new SendResult(Outcome), Json));
        writing = Scheduled(nameof(WriteShard));
        Turn(new TimerFiredEvent(-1) { TimerId = writing });
        writing = Scheduled(nameof(WriteShard));
        Complete(writing, JsonSerializer.Serialize(new WrittenShard(new BatchTally(), []), Json));

        Assert.Equal(3, JsonSerializer.Deserialize<ShardResult>(Ended(), Json)!.Shard);
    }

    [Fact]
    public void Batch_ThatGetsATimerAndOtherResults_AwaitsItsOwn()
    {
        var manifest = new BatchManifest
        {
            Id = "b",
            Target = new BatchTarget("http://127.0.0.1:9/", new Dictionary<string, TargetHeader>()),
            Options = new BatchOptions(),
            ItemCount = 1,
            ItemsPerShard = 1,
            ItemsName = "items",
            ContentSha256 = "hash",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        Start(new BatchOrchestrator(), BatchPlan.Of(manifest, BatchControl.Of(manifest), liveItems: 1));
        int shard = StartedShard(out string first);
        Turn(new TimerFiredEvent(-1) { TimerId = shard });
        shard = StartedShard(out string second);
        Assert.NotEqual(first, second);
        End(shard, new ShardResult(Shard: 5, new BatchTally(), Failures: 0));
        shard = StartedShard(out _);
        End(shard, new ShardResult(Shard: 0, new BatchTally(), Failures: 0));

        int sealing = Scheduled(nameof(SealBatch));
        Complete(sealing, JsonSerializer.Serialize(new BatchTally(), Json));
        sealing = Scheduled(nameof(SealBatch));
        var whole = new SealedBatch(1, new OutcomeCounts(), "hash", DateTimeOffset.UnixEpoch);
        Complete(sealing, JsonSerializer.Serialize(new SealResult(whole, []), Json));

        Assert.Equal("hash", JsonSerializer.Deserialize<SealedBatch>(Ended(), Json)!.Sha256);
    }

    void Start(ITaskOrchestrator orchestrator, object plan)
    {
        var converter = new JsonDataConverter(Json);
        var shims = new DurableTaskShimFactory(new DurableTaskWorkerOptions { DataConverter = converter });
        orchestration = shims.CreateOrchestration("o", orchestrator);
        var instance = new OrchestrationInstance { InstanceId = "b", ExecutionId = "e" };
        Turn(new ExecutionStartedEvent(-1, converter.Serialize(plan)) { Name = "o", OrchestrationInstance = instance });
    }

    void Complete(int id, string result) => Turn(new TaskCompletedEvent(-1, id, result));

    void End(int id, ShardResult result) =>
        Turn(new SubOrchestrationInstanceCompletedEvent(-1, id, JsonSerializer.Serialize(result, Json)));

    // Replays the whole history, as an engine does that has lost its memory.
    void Turn(HistoryEvent happened)
    {
        var state = new OrchestrationRuntimeState(history);
        HistoryEvent[] now = [new OrchestratorStartedEvent(-1), happened];
        foreach (var one in now)
        {
            state.AddEvent(one);
        }

        var executor = new TaskOrchestrationExecutor(
            state,
            orchestration,
            BehaviorOnContinueAsNew.Carryover,
            ErrorPropagationMode.UseFailureDetails);
        actions = [.. executor.Execute().Actions];
        history.AddRange(now);
        history.AddRange(actions.Select(EventOf).OfType<HistoryEvent>());
        history.Add(new OrchestratorCompletedEvent(-1));
    }

    static HistoryEvent? EventOf(OrchestratorAction action) => action switch
    {
        ScheduleTaskOrchestratorAction task => new TaskScheduledEvent(task.Id, task.Name!),
        CreateSubOrchestrationAction shard =>
            new SubOrchestrationInstanceCreatedEvent(shard.Id) { Name = shard.Name, InstanceId = shard.InstanceId },
        SendEventOrchestratorAction sent =>
            new EventSentEvent(sent.Id) { Name = sent.EventName, InstanceId = sent.Instance!.InstanceId, Input = sent.EventData },
        _ => null,
    };

    int Scheduled(string activity)
    {
        var task = Assert.Single(actions.OfType<ScheduleTaskOrchestratorAction>());
        Assert.Equal(activity, task.Name);
        return task.Id;
    }

    int StartedShard(out string instanceId)
    {
        var shard = Assert.Single(actions.OfType<CreateSubOrchestrationAction>());
        instanceId = shard.InstanceId!;
        return shard.Id;
    }

    string Ended()
    {
        var end = Assert.Single(actions.OfType<OrchestrationCompleteOrchestratorAction>());
        Assert.True(end.OrchestrationStatus == OrchestrationStatus.Completed, end.FailureDetails?.ErrorMessage);
        return end.Result!;
    }
}
