using DurableTask.Core;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Batches;
using Rollcall.Cli.Engine;
using Rollcall.Credentials;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Notices;

/// <summary>
/// The real activities on the real engine, in this process. The engine's clock is two days ahead, so that the waits between attempts are
/// over when they begin.
/// </summary>
sealed class NoticeEngine : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rollcall-notice-").FullName;
    readonly HttpClient http = SenderHttp.CreateClient();
    readonly Target target = Target.Start(Responses.Echo);
    readonly EmbeddedEngine engine;

    public NoticeEngine()
    {
        Store = new FileBatchStore(Path.Combine(folder, "batches"));
        Directory.CreateDirectory(Path.Combine(folder, "batches"));
        engine = EmbeddedEngine.Open(Path.Combine(folder, "engine.db"), concurrency: 16, new AheadTime());
    }

    public FileBatchStore Store { get; }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Runs a batch until its own orchestration ends.</summary>
    public async Task<OrchestrationState> RunAsync(string? webhook)
    {
        var manifest = await ToldBatch.TakeInAsync(Store, catalog: null, target.Url, webhook);
        var core = new ServiceCollection()
            .AddEngine(engine, Store, new MemorySlotLedger(TimeProvider.System), http)
            .AddSingleton(new SecretLookups((_, _) => null, (_, _) => ToldBatch.Secret, (_, _) => false))
            .AddRollcallCore()
            .BuildServiceProvider();
        await engine.StartAsync(core.GetActivities());
        return await RunAgainAsync(manifest);
    }

    public async Task<OrchestrationState> RunAgainAsync(BatchManifest manifest)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        return await engine.RunAsync(manifest, BatchControl.Of(manifest), limit.Token);
    }

    public Task<NoticeExecution?> FindNoticeAsync() => engine.Scheduler.FindNoticeAsync(ToldBatch.Id, run: 1, Cancelled);

    public Task<NoticeStatus> WaitForOutcomeAsync() => Eventually.FindAsync(
        "the notice's outcome is recorded",
        TimeSpan.FromSeconds(30),
        async () => await Store.FindNoticeAsync(ToldBatch.Id, run: 1, Cancelled));

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await target.DisposeAsync();
        http.Dispose();
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    sealed class AheadTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromDays(2);
    }
}
