using System.Runtime.ExceptionServices;
using Microsoft.DurableTask;
using Rollcall.Api;
using Rollcall.Cli.Engine;
using Rollcall.Hosting;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Sqlite;
using Rollcall.Storage;

namespace Rollcall.Cli.Serving;

/// <summary>Serves the HTTP API and runs the batches that come by it, on the embedded engine.</summary>
/// <param name="settings">What to do.</param>
sealed class LocalHost(ServeSettings settings)
{
    /// <summary>The prefix of the environment variables that hold secrets: a header's <c>{"secret":"TOKEN"}</c> is <c>Rollcall__Secrets__TOKEN</c>.</summary>
    const string SecretPrefix = "Rollcall__Secrets__";

    /// <summary>Serves until it is asked to stop.</summary>
    /// <param name="listening">Told of the address.</param>
    /// <param name="stop">Asks for a clean stop: no further item is sent, and what is in flight is finished and recorded.</param>
    /// <returns>A task that ends when all is recorded.</returns>
    /// <exception cref="CliException">The folder or the port cannot be used, or the storage failed.</exception>
    public async Task RunAsync(Action<string> listening, CancellationToken stop)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(settings.StateFolder, "batches"));
            using var store = new FileBatchStore(Path.Combine(settings.StateFolder, "batches"));
            await using var engine = EmbeddedEngine.Open(Path.Combine(settings.StateFolder, "engine.db"), settings.Concurrency, TimeProvider.System);
            using var http = SenderHttp.CreateClient();
            await StartAsync(engine, store, http);
            await using var server = await ServeAsync(engine, store);
            listening(server.Url);
            await WaitAsync(engine, stop);
        }
        catch (SqliteStorageException exception)
        {
            throw exception.Reason == SqliteStorageReason.AlreadyOpen
                ? CliException.Usage($"Another rollcall process is using the state folder '{settings.StateFolder}'.")
                : CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotFinished($"The state folder '{settings.StateFolder}' failed: {exception.Message} What was recorded is kept; start again to go on.");
        }
    }

    static Task StartAsync(EmbeddedEngine engine, FileBatchStore store, HttpClient http)
    {
        var sender = new ItemSender(http, store, name => Environment.GetEnvironmentVariable(SecretPrefix + name), TimeProvider.System, Random.Shared.NextDouble);
        return engine.StartAsync(new Dictionary<string, ITaskActivity>
        {
            [nameof(PostItem)] = new PostItem(store, sender),
            [nameof(WriteShard)] = new WriteShard(store),
            [nameof(SealBatch)] = new SealBatch(store, TimeProvider.System),
        });
    }

    async Task<ApiServer> ServeAsync(EmbeddedEngine engine, FileBatchStore store)
    {
        var catalog = new FileBatchCatalog(Path.Combine(settings.StateFolder, "catalog"));
        var starter = new BatchStarter(store, catalog, TimeProvider.System, new RollcallOptions { LiveItems = settings.Concurrency });
        try
        {
            return await ApiServer.StartAsync(
                settings.Address,
                settings.Port,
                new StartApi(starter),
                new ReadApi(store, TimeProvider.System),
                new ListApi(store, catalog, TimeProvider.System),
                engine);
        }
        catch (IOException exception)
        {
            throw CliException.Usage($"Port {settings.Port} cannot be listened on: {exception.Message} Name another one with --port.");
        }
    }

    static async Task WaitAsync(EmbeddedEngine engine, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        var fault = engine.WaitForFaultAsync();
        if (await Task.WhenAny(stopped.Task, fault) == fault)
        {
            ExceptionDispatchInfo.Throw(await fault);
        }

        await engine.DrainAsync(CancellationToken.None);
    }
}
