using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;

namespace Rollcall.Tests.Building;

/// <summary>
/// Runs the product's orchestrators of a paced batch, in the batch's virtual time. A message takes two requests to the store and a moment;
/// so does a durable timer, in addition to its wait; a storage activity takes one request or a few. Items go to the processes in turn.
/// </summary>
/// <param name="batch">The batch.</param>
/// <param name="isSelected">Whether a redrive sends an item.</param>
sealed class PacedEngine(PacedBatch batch, Func<long, bool>? isSelected = null)
{
    readonly Dictionary<string, Orchestration> orchestrations = [];
    int next;
    int live;

    DateTime Now => batch.Time.ClockOf().GetUtcNow().UtcDateTime;

    TimeSpan Message { get; } = (2 * batch.Latency) + TimeSpan.FromMilliseconds(5);

    /// <summary>The number of live items at each change, since the start.</summary>
    public List<(TimeSpan At, int Items)> Live { get; } = [];

    /// <summary>Runs the batch to its seal.</summary>
    public async Task RunAsync()
    {
        var run = BatchPlan.Of(batch.Manifest, batch.Control, liveItems: 200);
        await RunAsync<SealedBatch?>(
            run.BatchId,
            context => new BatchFanOut(context, isSelected is null ? run : (run with { Run = 2 }).AsRepair()).RunAsync());
    }

    /// <summary>Changes the concurrency, like a request to another process does.</summary>
    public void ChangeConcurrency(int concurrency)
    {
        batch.Change(control => control.Bounded(concurrency, control.RatePerSecond));
        Send(batch.Manifest.Id, batch.Control);
    }

    async Task<T> RunAsync<T>(string instanceId, Func<TaskOrchestrationContext, Task<T>> start)
    {
        await PassAsync(Message);
        var context = orchestrations[instanceId] = new Orchestration(this, instanceId);
        var result = await start(context);
        orchestrations.Remove(instanceId);
        await PassAsync(Message);
        return result;
    }

    async void Send(string instanceId, object payload)
    {
        await PassAsync(Message);
        if (orchestrations.TryGetValue(instanceId, out var context))
        {
            context.Raise(payload);
        }
    }

    async Task<object> CallAsync(object? input)
    {
        await PassAsync(Message);
        object result = input switch
        {
            PostItemInput item => await PostAsync(item.Index),
            ShardOutcomes outcomes => await AfterAsync(4, new WrittenShard(TallyOf(outcomes.Outcomes), [])),
            ShardAddress shard => await AfterAsync(1, SelectedOf(shard.Shard)),
            ShardRange range => await AfterAsync(range.End - range.Start, Find(range)),
            _ =>
                await AfterAsync(
                    batch.Manifest.ShardCount(),
                    new SealResult(new SealedBatch(0, new OutcomeCounts(), "", DateTimeOffset.UnixEpoch), [])),
        };
        await PassAsync(Message);
        return result;
    }

    async Task<SendResult> PostAsync(long index)
    {
        Count(1);
        await PassAsync(batch.Latency);
        var permit = await batch.TrySendAsync(next++ % batch.Instances);
        Count(-1);
        return permit.Wait is { } wait
            ? new SendResult(ItemOutcome.Failed(index, [], error: null), wait, Stop: null, permit.IsPaused)
            : new SendResult(TestOutcome.Succeeded(index));
    }

    void Count(int by) => Live.Add((batch.Time.Elapsed, live += by));

    WrittenShards Find(ShardRange range)
    {
        var all = Enumerable.Range(range.Start, range.End - range.Start).ToLookup(shard => SelectedOf(shard).Length);
        return new WrittenShards(
            [.. all[0]],
            new BatchTally(),
            all
                .Where(shards => shards.Key > 0)
                .SelectMany(shards => shards)
                .ToDictionary(shard => shard, shard => SelectedOf(shard).Length));
    }

    long[] SelectedOf(int shard) =>
        [
            .. Enumerable
                .Range(0, batch.Manifest.ItemsIn(shard))
                .Select(item => batch.Manifest.FirstIndexOf(shard) + item)
                .Where(isSelected!),
        ];

    static BatchTally TallyOf(IEnumerable<ItemOutcome> outcomes)
    {
        var tally = new BatchTally();
        tally.AddAll(outcomes);
        return tally;
    }

    async Task<object> AfterAsync(int requests, object result)
    {
        await PassAsync(requests * batch.Latency);
        return result;
    }

    Task PassAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Task.Delay(duration, batch.Time.ClockOf(), cancellationToken);

    sealed class Orchestration(PacedEngine engine, string instanceId) : TaskOrchestrationContext
    {
        readonly Dictionary<Type, Queue<object>> events = [];
        readonly Dictionary<Type, TaskCompletionSource<object>> listeners = [];

        public override TaskName Name => nameof(Orchestration);

        public override string InstanceId => instanceId;

        public override ParentOrchestrationInstance? Parent => null;

        public override DateTime CurrentUtcDateTime => engine.Now;

        public override bool IsReplaying => false;

        protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public void Raise(object payload)
        {
            if (listeners.Remove(payload.GetType(), out var waiting))
            {
                waiting.SetResult(payload);
            }
            else
            {
                EventsOf(payload.GetType()).Enqueue(payload);
            }
        }

        public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
            (TResult)await engine.CallAsync(input);

        public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
            TaskName orchestratorName, object? input = null, TaskOptions? options = null)
        {
            string id = ((SubOrchestrationOptions)options!).InstanceId!;
            return (TResult)(object)await engine.RunAsync(id, context => new ShardFanOut(context, (ShardPlan)input!).RunAsync());
        }

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
            engine.PassAsync(fireAt - CurrentUtcDateTime + engine.Message, cancellationToken);

        public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
        {
            if (EventsOf(typeof(T)).TryDequeue(out object? payload))
            {
                return (T)payload;
            }

            return (T)await (listeners[typeof(T)] = new TaskCompletionSource<object>()).Task;
        }

        public override void SendEvent(string instanceId, string eventName, object payload) => engine.Send(instanceId, payload);

        public override void SetCustomStatus(object? customStatus)
        {
        }

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
            throw new NotSupportedException();

        public override T GetInput<T>() => throw new NotSupportedException();

        public override Guid NewGuid() => throw new NotSupportedException();

        Queue<object> EventsOf(Type type) => events.TryGetValue(type, out var queue) ? queue : events[type] = new Queue<object>();
    }
}
