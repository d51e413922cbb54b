using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.WebJobs;
using Rollcall.FunctionsHost.Functions;
using Rollcall.FunctionsHost.Http;
using Rollcall.FunctionsHost.Jobs;
using Rollcall.FunctionsHost.Workers;

namespace Rollcall.FunctionsHost;

/// <summary>Runs a Functions app until the process is asked to stop.</summary>
sealed class FunctionsHost
{
    // Azure gives a host 30 seconds and more between the request to stop and the kill.
    static readonly TimeSpan InvocationGrace = TimeSpan.FromSeconds(15);
    static readonly TimeSpan WorkerGrace = TimeSpan.FromSeconds(5);

    readonly AppFolder app;
    readonly int port;
    readonly IConfigurationRoot configuration;

    FunctionsHost(AppFolder app, int port, IConfigurationRoot configuration)
    {
        this.app = app;
        this.port = port;
        this.configuration = configuration;
    }

    /// <summary>Runs an app.</summary>
    /// <param name="app">The app.</param>
    /// <param name="port">The port on 127.0.0.1; 0 for a free one.</param>
    /// <exception cref="HostException">The app cannot be run.</exception>
    public static async Task RunAsync(AppFolder app, int port)
    {
        int free = Reserve(port);
        HostEnvironment.Apply(app, free);
        var host = new FunctionsHost(app, free, HostEnvironment.Configure(app));
        await StorageProbe.RequireAsync(Environment.GetEnvironmentVariable("AzureWebJobsStorage"));
        await host.RunAsync();
    }

    async Task RunAsync()
    {
        using var logs = LoggerFactory.Create(Log);
        using var workers = new WorkerSupervisor(app, logs);
        await using var workerServer = await WorkerServer.StartAsync(workers, Log);
        await using var publicServer = PublicServer.Create(port, Log);
        try
        {
            var worker = await workers.StartAsync(new Uri(workerServer.Urls.First()));
            var functions = worker.Functions.Select(FunctionDefinition.Of).ToDictionary(f => f.Name);
            var invoker = new FunctionInvoker(functions, workers, publicServer.Services.GetRequiredService<HttpRequests>());
            var types = FunctionEmitter.Emit(functions.Values, invoker.InvokeAsync);
            var webHooks = new WebHooks(new Uri($"http://127.0.0.1:{port}"));
            bool hasTimers = functions.Values.Any(f => f.Kind == TriggerKind.Timer);
            using var jobs = JobHostFactory.Create(configuration, types, hasTimers, webHooks, Log);
            await StartAsync(jobs);

            string prefix = configuration[$"{HostEnvironment.Section}:extensions:http:routePrefix"] ?? "api";
            PublicServer.Map(publicServer, prefix, functions.Values, jobs.Services.GetRequiredService<IJobHost>(), webHooks);
            await publicServer.StartAsync();
            await Console.Out.WriteLineAsync($"host ready: http://127.0.0.1:{port}, {functions.Count} functions");

            await publicServer.WaitForShutdownAsync();
            await StopAsync(jobs, invoker);
        }
        finally
        {
            await workers.StopAsync(WorkerGrace);
        }

        await workerServer.StopAsync();
    }

    static async Task StartAsync(IHost jobs)
    {
        try
        {
            await jobs.StartAsync();
        }
        catch (Exception exception) when (exception is not HostException)
        {
            throw new HostException($"The extensions did not start: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>
    /// Takes no new work, lets what runs end, and only then lets go of the worker. The listeners come first: they stop taking messages
    /// at once, and what runs can still record its result, because the connections to the storage live until the process ends.
    /// </summary>
    static async Task StopAsync(IHost jobs, FunctionInvoker invoker)
    {
        await Console.Out.WriteLineAsync($"host stopping: {invoker.InFlight} invocations in flight");
        await jobs.StopAsync();
        long started = Environment.TickCount64;
        while (invoker.InFlight > 0 && Environment.TickCount64 - started < InvocationGrace.TotalMilliseconds)
        {
            await Task.Delay(50);
        }

        await Console.Out.WriteLineAsync($"host stopped: {invoker.InFlight} invocations given up");
    }

    void Log(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection($"{HostEnvironment.Section}:logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        foreach (string category in (string[])["Microsoft.AspNetCore", "Microsoft.Hosting.Lifetime", "Grpc", "Yarp"])
        {
            logging.AddFilter(category, LogLevel.Warning);
        }

        // It warns of every 404 and 409, which the extensions ask for on purpose.
        logging.AddFilter("Azure.Core", LogLevel.Error);
    }

    static int Reserve(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException exception)
        {
            throw new HostException($"The port {port} on 127.0.0.1 cannot be used: {exception.Message}. Give another one, or 0 for a free one.", exception);
        }
    }
}
