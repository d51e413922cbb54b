using Microsoft.DurableTask;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Orchestration;
using Rollcall.Progress;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>
/// The real orchestrators on the real engine and store, with a sender of the test's choice. The engine's clock is an hour ahead, so that
/// the waits between platform retries are over when they begin.
/// </summary>
sealed class EngineFixture : IAsyncDisposable
{
    const int LiveItems = 100;

    readonly string folder = Directory.CreateTempSubdirectory("rollcall-engine-").FullName;
    readonly EmbeddedEngine engine;

    public EngineFixture()
    {
        Store = new FileBatchStore(Path.Combine(folder, "batches"));
        Directory.CreateDirectory(Path.Combine(folder, "batches"));
        engine = EmbeddedEngine.Open(Path.Combine(folder, "engine.db"), concurrency: 16, new AheadTime());
    }

    public FileBatchStore Store { get; }

    /// <summary>Ends when the engine has stopped for a fault of its storage.</summary>
    public Task<Exception> Fault => engine.WaitForFaultAsync();

    public static ItemOutcome Success(long index) =>
        new() { Index = index, Status = OutcomeStatus.Succeeded, HttpStatus = 200, Attempts = 1 };

    /// <summary>Runs a batch to its end.</summary>
    /// <param name="items">How many items it has.</param>
    /// <param name="post">Sends an item.</param>
    /// <param name="itemsPerShard">How many of them a shard has.</param>
    /// <param name="writeShard">Stands in for the real activity.</param>
    public Task<(DurableTask.Core.OrchestrationState State, BatchManifest Manifest)> RunAsync(
        int items,
        Func<long, Task<ItemOutcome>> post,
        int itemsPerShard = BatchManifest.DefaultItemsPerShard,
        ITaskActivity? writeShard = null) =>
        RunAsync(items, async input => new SendResult(await post(input.Index)), itemsPerShard, writeShard);

    /// <summary>Runs a batch to its end.</summary>
    /// <param name="items">How many items it has.</param>
    /// <param name="post">Sends an item, or asks for a wait.</param>
    /// <param name="itemsPerShard">How many of them a shard has.</param>
    /// <param name="writeShard">Stands in for the real activity.</param>
    public async Task<(DurableTask.Core.OrchestrationState State, BatchManifest Manifest)> RunAsync(
        int items,
        Func<PostItemInput, Task<SendResult>> post,
        int itemsPerShard = BatchManifest.DefaultItemsPerShard,
        ITaskActivity? writeShard = null)
    {
        var request = new BatchRequest(
            "batch",
            new BatchTarget("http://127.0.0.1:9/", new Dictionary<string, TargetHeader>()),
            new BatchOptions(),
            Enumerable.Range(0, items).Select(i => new BatchItem(null, new byte[] { (byte)'1' })).ToAsyncEnumerable());
        var manifest = await new BatchIntake(Store, itemsPerShard: itemsPerShard).TakeAsync(
            "batch",
            request,
            DateTimeOffset.UtcNow,
            CancellationToken.None);

        var controls = new BatchControls(Store, TimeProvider.System);
        await engine.StartAsync(new Dictionary<string, ITaskActivity>
        {
            [nameof(PostItem)] = new ChosenPost(post),
            [nameof(WriteShard)] = writeShard ?? new WriteShard(Store, new BatchProgress()),
            [nameof(SealBatch)] = new SealBatch(Store, controls, TimeProvider.System),
            [nameof(FindWritten)] = new FindWritten(Store, controls),
            [nameof(SelectItems)] = new SelectItems(Store, controls),
            [nameof(WriteUnsent)] = new WriteUnsent(Store),
            [nameof(StopBatch)] = new StopBatch(Store, controls, TimeProvider.System),
        });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        return (await engine.RunAsync(manifest, BatchControl.Of(manifest), limit.Token), manifest);
    }

    /// <summary>How the batch's orchestration is; null before there is one.</summary>
    public Task<BatchExecution?> FindAsync() => engine.Scheduler.FindAsync("batch", TestContext.Current.CancellationToken);

    /// <summary>Runs a batch that was run before, and has no receipt, as the same command does.</summary>
    public Task<DurableTask.Core.OrchestrationState> RunAgainAsync(BatchManifest manifest) =>
        engine.RunAsync(manifest, BatchControl.Of(manifest), TestContext.Current.CancellationToken);

    /// <summary>
    /// Schedules a batch that was run before as a start does, and waits for the end of the orchestration that it then has.
    /// </summary>
    public async Task<DurableTask.Core.OrchestrationState> ScheduleAgainAsync(BatchManifest manifest)
    {
        await engine.Scheduler.ScheduleAsync(
            BatchPlan.Of(manifest, BatchControl.Of(manifest), LiveItems),
            TestContext.Current.CancellationToken);
        return await engine.WaitAsync(manifest.Id, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Schedules a batch that was run before as a repair does, and waits for the end of the orchestration that it then has.
    /// </summary>
    public async Task<DurableTask.Core.OrchestrationState> RepairAsync(BatchManifest manifest)
    {
        await engine.Scheduler.RescheduleAsync(
            BatchPlan.Of(manifest, BatchControl.Of(manifest), LiveItems).AsRepair(),
            TestContext.Current.CancellationToken);
        return await engine.WaitAsync(manifest.Id, TestContext.Current.CancellationToken);
    }

    /// <summary>The result lines of all shards, in order. Each file ends with a line of its hash.</summary>
    public IReadOnlyList<string> ReadResults(BatchManifest manifest) =>
        [
            .. Enumerable.Range(0, manifest.ShardCount()).SelectMany(
                shard => File.ReadLines(Path.Combine(Store.FolderOf(manifest.Id), "results", $"{shard:D6}.jsonl")).SkipLast(1)),
        ];

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    sealed class ChosenPost(Func<PostItemInput, Task<SendResult>> post) : TaskActivity<PostItemInput, SendResult>
    {
        public override Task<SendResult> RunAsync(TaskActivityContext context, PostItemInput input) => post(input);
    }

    sealed class AheadTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
