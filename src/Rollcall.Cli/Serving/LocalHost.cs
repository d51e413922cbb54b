using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rollcall.Api;
using Rollcall.Api.Grants;
using Rollcall.Api.Requests;
using Rollcall.Cli.Engine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Telemetry;
using Rollcall.Cli.Terminal;
using Rollcall.Lifecycle;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Serving;

/// <summary>Serves the HTTP API, and runs its batches on the embedded engine.</summary>
sealed class LocalHost(ServeSettings settings)
{
    static readonly TimeSpan ReconcileInterval = TimeSpan.FromMinutes(1);

    readonly RollcallOptions options = new() { LiveItems = settings.Concurrency, RetentionDays = settings.RetentionDays };

    /// <summary>Serves until a stop is requested.</summary>
    /// <param name="listening">Receives the URL.</param>
    /// <param name="note">Receives a sentence about each batch that is repaired or deleted, and about other events.</param>
    /// <param name="stop">Asks for a clean stop: no more items are sent, and items in flight are finished and recorded.</param>
    /// <returns>A task that ends when everything is recorded.</returns>
    /// <exception cref="CliException">The folder or the port cannot be used, or the storage failed.</exception>
    public async Task RunAsync(Action<string> listening, Action<string> note, CancellationToken stop)
    {
        using var page = new MetricsPage();
        using var telemetry = TelemetryExport.Start(page);
        try
        {
            DurableFile.MakeFolder(Path.Combine(settings.StateFolder, "batches"));
            PrivateFolder.Narrow(
                settings.StateFolder,
                name => name is "batches" or "catalog" or "uploads" || name.StartsWith("engine.db", StringComparison.Ordinal),
                note);
            using var store = new FileBatchStore(Path.Combine(settings.StateFolder, "batches"));
            await using var engine = EmbeddedEngine.OpenOrReplace(
                Path.Combine(settings.StateFolder, "engine.db"),
                settings.Concurrency,
                TimeProvider.System,
                note);
            var slots = new MemorySlotLedger(TimeProvider.System);
            var secrets = ReadSecrets(note);
            using var http = SenderHttp.CreateClient(certificates: secrets.FindCertificate);
            await using var core = new ServiceCollection()
                .AddEngine(engine, store, slots, http)
                .AddSingleton<IBatchCatalog>(new FileBatchCatalog(Path.Combine(settings.StateFolder, "catalog")))
                .AddSingleton<IUploads>(new FileUploads(Path.Combine(settings.StateFolder, "uploads")))
                .AddSingleton(secrets)
                .AddSingleton(new RequestGrants { Secrets = secrets })
                .AddSingleton(new LocalShortage(TimeProvider.System, note))
                .AddSingleton(options)
                .AddSingleton(telemetry.Batches)
                .AddSingleton(page)
                .AddRollcallApi()
                .BuildServiceProvider();
            await engine.StartAsync(core.GetActivities());
            await using var server = await ServeAsync(core);
            listening(server.Url);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var reconciling = ReconcileAsync(
                core.GetRequiredService<Reconciler>(),
                core.GetRequiredService<Retention>(),
                engine,
                note,
                end.Token);
            try
            {
                await WaitAsync(engine, reconciling, stop);
            }
            finally
            {
                await end.CancelAsync();
                await reconciling;
            }

            await engine.DrainAsync(CancellationToken.None);
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall process is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {Sentence.Of(exception.Message)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotFinished(
                $"The state folder '{settings.StateFolder}' failed: {Sentence.Of(exception.Message)} What was recorded is kept; start "
                + "again to resume.");
        }
    }

    async Task<ApiServer> ServeAsync(IServiceProvider core)
    {
        try
        {
            return await ApiServer.StartAsync(settings, core);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw CliException.Usage(
                $"Cannot listen on port {settings.Port} of {settings.Address}: {exception.Message.TrimEnd('.')}. Choose another port with "
                + "--port, or another address with --host.");
        }
    }

    static HostSecrets ReadSecrets(Action<string> note)
    {
        try
        {
            var secrets = new HostSecrets(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            foreach (string setting in secrets.Unbound)
            {
                note(
                    $"{setting} has no origins, so no batch can use it. Set {setting}__Origins to the origins it may be sent to, "
                    + "such as https://api.example.com.");
            }

            return secrets;
        }
        catch (InvalidOperationException exception)
        {
            throw CliException.Usage(exception.Message);
        }
    }

    static async Task ReconcileAsync(
        Reconciler reconciler, Retention retention, EmbeddedEngine engine, Action<string> note, CancellationToken end)
    {
        using var timer = new PeriodicTimer(ReconcileInterval);
        try
        {
            do
            {
                await PassAsync(reconciler, retention, engine, note, end);
            }
            while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    static async Task PassAsync(
        Reconciler reconciler, Retention retention, EmbeddedEngine engine, Action<string> note, CancellationToken end)
    {
        try
        {
            await foreach (var found in reconciler.ReconcileAsync(engine.Scheduler, end))
            {
                note(found.ToString());
            }

            await foreach (var purged in retention.PassAsync(engine.Scheduler, end))
            {
                note(purged.ToString());
            }
        }
        catch (IOException exception) when (StorageFault.IsOfDescriptors(exception))
        {
            note($"The batches could not be checked: {Sentence.Of(exception.Message)} Trying again in a minute.");
        }
    }

    /// <summary>Waits until a stop is requested, or something fails.</summary>
    static async Task WaitAsync(EmbeddedEngine engine, Task reconciling, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        var fault = engine.WaitForFaultAsync();
        var first = await Task.WhenAny(stopped.Task, fault, reconciling);
        if (first == fault)
        {
            ExceptionDispatchInfo.Throw(await fault);
        }

        if (!stop.IsCancellationRequested)
        {
            await reconciling;
        }
    }
}
