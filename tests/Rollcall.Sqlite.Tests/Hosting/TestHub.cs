using DurableTask.Core;

namespace Rollcall.Sqlite.Tests.Hosting;

/// <summary>A service, a worker and a client over a file of their own. What is registered stays registered over a restart.</summary>
sealed class TestHub : IAsyncDisposable
{
    /// <summary>When a test gives up. No test that passes waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly TestFolder folder = new();
    readonly List<Action<TaskHubWorker>> registrations = [];
    TaskHubWorker? worker;
    SqliteOrchestrationService? service;
    int turns;

    public SqliteOrchestrationServiceOptions Options { get; set; }

    public TestHub() => Options = new SqliteOrchestrationServiceOptions { Path = folder.Database };

    public SqliteOrchestrationService Service => service ?? throw new InvalidOperationException("The hub is not open.");

    public TaskHubClient Client => new(Service);

    public string Database => folder.Database;

    /// <summary>How many turns ran, replays included.</summary>
    public int Turns => turns;

    public TestHub Orchestration<TInput, TOutput>(string name, Func<InlineContext, TInput, Task<TOutput>> run)
    {
        registrations.Add(hub => hub.AddTaskOrchestrations(
            new Named<TaskOrchestration>(name, () => new InlineOrchestration<TInput, TOutput>(run))));
        return this;
    }

    public TestHub Activity<TInput, TOutput>(string name, Func<TInput, Task<TOutput>> run)
    {
        registrations.Add(hub => hub.AddTaskActivities(new Named<TaskActivity>(name, () => new InlineActivity<TInput, TOutput>(run))));
        return this;
    }

    public TestHub Activity<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        Activity<TInput, TOutput>(name, input => Task.FromResult(run(input)));

    public TestHub Register(Action<TaskHubWorker> registration)
    {
        registrations.Add(registration);
        return this;
    }

    /// <summary>Opens the file without a worker.</summary>
    public TestHub Open()
    {
        service = SqliteOrchestrationService.Open(Options);
        return this;
    }

    public async Task<TestHub> StartAsync()
    {
        if (service is null)
        {
            Open();
        }

        worker = new TaskHubWorker(Service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        foreach (var registration in registrations)
        {
            registration(worker);
        }

        worker.AddOrchestrationDispatcherMiddleware((_, next) =>
        {
            Interlocked.Increment(ref turns);
            return next();
        });
        await worker.StartAsync();
        return this;
    }

    /// <summary>Stops as a process does that is told to stop, and closes the file.</summary>
    public async Task CloseAsync()
    {
        if (service is null)
        {
            return;
        }

        if (worker is not null)
        {
            using var patience = new CancellationTokenSource(Patience);
            if (service.Fault.IsCompleted)
            {
                await service.StopAsync();
            }
            else
            {
                await service.DrainAsync(patience.Token);
            }

            await worker.StopAsync(isForced: true);
            worker.Dispose();
        }

        worker = null;
        await service.DisposeAsync();
        service = null;
    }

    /// <summary>Closes the file under a worker that still runs, as a crash does.</summary>
    public async Task CrashAsync()
    {
        await Service.DisposeAsync();
        await worker!.StopAsync(isForced: true);
        worker.Dispose();
        worker = null;
        service = null;
    }

    public async Task<TestHub> RestartAsync()
    {
        await CloseAsync();
        return await StartAsync();
    }

    public Task<OrchestrationInstance> CreateAsync(string name, string id, object? input = null) =>
        Client.CreateOrchestrationInstanceAsync(name, "", id, input);

    public async Task<OrchestrationState> RunAsync(string name, string id, object? input = null)
    {
        await CreateAsync(name, id, input);
        return await EndOfAsync(id);
    }

    public async Task<OrchestrationState> EndOfAsync(string id) =>
        await Client.WaitForOrchestrationAsync(new OrchestrationInstance { InstanceId = id }, Patience)
            ?? throw new TimeoutException(
                $"Instance '{id}' did not end. Its history: {await Service.GetOrchestrationHistoryAsync(id, "")}");

    public Task RaiseAsync(string id, string name, object data) =>
        Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = id }, name, data);

    public async Task<OrchestrationState?> StateOfAsync(string id) => await Client.GetOrchestrationStateAsync(id);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        folder.Dispose();
    }
}
