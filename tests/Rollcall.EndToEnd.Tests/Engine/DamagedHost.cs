using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Credentials;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Lifecycle;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.EndToEnd.Tests.Engine;

/// <summary>A server's parts over a state folder, without its HTTP API, which can be stopped at any moment and started again.</summary>
sealed class DamagedHost : IAsyncDisposable
{
    const int ItemsPerShard = 2;

    readonly HttpClient http;
    readonly FileBatchStore store;
    readonly EmbeddedEngine engine;
    readonly Reconciler reconciler;
    readonly BatchStarter starter;
    readonly ConcurrentDictionary<Task, bool> running = new();

    DamagedHost(string folder, HttpClient http)
    {
        this.http = http;
        DurableFile.MakeFolder(Path.Combine(folder, "batches"));
        store = new FileBatchStore(Path.Combine(folder, "batches"));
        var catalog = new FileBatchCatalog(Path.Combine(folder, "catalog"));
        var options = new RollcallOptions { LiveItems = 100, ItemsPerShard = ItemsPerShard };
        engine = EmbeddedEngine.OpenOrReplace(Path.Combine(folder, "engine.db"), concurrency: 4, new AheadTime(), Notes.Add);
        reconciler = new Reconciler(store, catalog, TimeProvider.System, options);
        starter = new BatchStarter(store, catalog, TimeProvider.System, options);
    }

    /// <summary>What was said of damage and of batches that were taken up again.</summary>
    public List<string> Notes { get; } = [];

    public static async Task<DamagedHost> StartAsync(string folder, HttpClient http)
    {
        var host = new DamagedHost(folder, http);
        var core = new ServiceCollection()
            .AddEngine(host.engine, host.store, new MemorySlotLedger(TimeProvider.System), http)
            .AddSingleton(new SecretLookups((_, _) => null, (_, _) => null, (_, _) => false))
            .AddRollcallCore()
            .BuildServiceProvider();
        var activities = core.GetActivities();
        await host.engine.StartAsync(
            activities.ToDictionary(
                activity => activity.Key,
                activity => (ITaskActivity)new AwaitedActivity(activity.Value, host.running)));
        return host;
    }

    public async Task AddAsync(string batchId, string url, IEnumerable<BatchItem> items, CancellationToken cancellationToken) =>
        await starter.StartAsync(
        new BatchRequest(
            batchId,
            new BatchTarget(url, new Dictionary<string, TargetHeader>()),
            new BatchOptions { Concurrency = 2 },
            items.ToAsyncEnumerable()),
        batchId,
        engine.Scheduler,
        cancellationToken);

    /// <summary>Continues batches that nothing runs.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await foreach (var found in reconciler.ReconcileAsync(engine.Scheduler, cancellationToken))
        {
            Notes.Add(found.ToString());
        }
    }

    /// <summary>How a batch ended: with a receipt, or with a sentence that says why not; null while it continues.</summary>
    public async Task<(Receipt? Receipt, string? Reason)?> FindEndAsync(string batchId, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindManifestAsync(batchId, cancellationToken) is not { } manifest)
            {
                return (null, "The manifest is gone.");
            }

            int run = (await store.FindControlAsync(batchId, cancellationToken))?.Run ?? 1;
            if (await store.FindReceiptAsync(batchId, run, cancellationToken) is { } receipt)
            {
                return (receipt, null);
            }

            return await store.FindFailureAsync(batchId, run, cancellationToken) is { } failure ? (null, failure.Reason) : null;
        }
        catch (DamagedDataException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Reads the results of a sealed batch as its readers do.</summary>
    /// <exception cref="DamagedDataException">They are not what was sealed.</exception>
    public async Task<byte[]> ReadAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        foreach (var shard in receipt.Shards)
        {
            await using var results = await RunResults.OpenAsync(
                store,
                receipt.BatchId,
                receipt.Run,
                shard.Shard,
                receipt,
                cancellationToken);
            await results!.CopyToAsync(whole, cancellationToken);
        }

        return whole.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();

        // With its process they would end at once. Here they must not write beside the next host.
        await Task.WhenAll(running.Keys);
        store.Dispose();
    }

    /// <summary>An activity whose runs are known until they end.</summary>
    sealed class AwaitedActivity(ITaskActivity inner, ConcurrentDictionary<Task, bool> running) : ITaskActivity
    {
        public Type InputType => inner.InputType;

        public Type OutputType => inner.OutputType;

        public async Task<object?> RunAsync(TaskActivityContext context, object? input)
        {
            var ended = new TaskCompletionSource();
            running.TryAdd(ended.Task, true);
            try
            {
                return await inner.RunAsync(context, input);
            }
            finally
            {
                ended.SetResult();
                running.TryRemove(ended.Task, out _);
            }
        }
    }

    // The waits between the platform's tries are over when they begin.
    sealed class AheadTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
