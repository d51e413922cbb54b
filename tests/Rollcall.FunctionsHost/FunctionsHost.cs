using System.Net;
using System.Net.Sockets;

namespace Rollcall.FunctionsHost;

/// <summary>Runs a Functions app until the process is asked to stop.</summary>
static class FunctionsHost
{
    // What the Functions host accepts as a request: its default of FUNCTIONS_REQUEST_BODY_SIZE_LIMIT.
    const long MaxRequestBytes = 104_857_600;

    // Azure gives a host 30 seconds and more between the request to stop and the kill.
    static readonly TimeSpan InvocationGrace = TimeSpan.FromSeconds(15);

    /// <exception cref="HostException">The app cannot be run.</exception>
    public static async Task RunAsync(AppFolder app, int port)
    {
        using var socket = Bind(port);
        var address = new Uri($"http://{socket.LocalEndPoint}");
        HostEnvironment.Apply(app, address);

        // An account that is named, with an identity to use it, is a real one.
        await (Environment.GetEnvironmentVariable("AzureWebJobsStorage") is { } storage
            ? StorageProbe.RequireAsync(storage)
            : Task.CompletedTask);

        var configuration = HostEnvironment.Configure(app);
        await using var workerServer = await WorkerServer.StartAsync(app, logging => Log(logging, configuration));
        var workers = workerServer.Services.GetRequiredService<WorkerSupervisor>();
        try
        {
            var worker = await workers.StartAsync(new Uri(workerServer.Urls.First()));
            var functions = worker.Functions.Select(FunctionDefinition.Of).ToList();
            var builder = WebApplication.CreateBuilder(
                new WebApplicationOptions { EnvironmentName = configuration["AZURE_FUNCTIONS_ENVIRONMENT"] });
            builder.Configuration.AddConfiguration(configuration);
            Log(builder.Logging, configuration);
            builder.Services.AddSingleton(workers);
            Listen(builder, socket);
            builder.AddJobHost(functions, address);
            await using var host = builder.Build();
            HttpFunctions.Map(host, functions);
            WebHooks.Map(host);
            host.MapGet("/admin/host/status", () => Results.Json(new { state = "Running" }));
            await RunAsync(host, $"Listening on {address.GetLeftPart(UriPartial.Authority)}");
        }
        finally
        {
            await workers.StopAsync();
        }
    }

    /// <summary>
    /// The framework stops the parts in the reverse order of their start: first the HTTP server, which lets requests end, then the
    /// listeners, which take no more messages. What they began may still record its result, and only then the worker is let go.
    /// </summary>
    static async Task RunAsync(WebApplication host, string ready)
    {
        try
        {
            await host.StartAsync();
        }
        catch (Exception exception) when (exception is not HostException)
        {
            throw new HostException($"The app's functions did not start: {exception.GetBaseException().Message}", exception);
        }

        await Console.Out.WriteLineAsync(ready);
        await host.WaitForShutdownAsync();
        int givenUp = await host.Services.GetRequiredService<FunctionInvoker>().DrainAsync(InvocationGrace);
        await Console.Out.WriteLineAsync($"Stopped, {givenUp} invocations given up");
    }

    static void Listen(WebApplicationBuilder builder, Socket socket)
    {
        builder.WebHost.UseSockets(transport => transport.CreateBoundListenSocket = _ => socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(socket.LocalEndPoint!);
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        builder.Services.AddHttpForwarder();
    }

    static void Log(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection($"{HostEnvironment.Section}:logging"));
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
    }

    /// <summary>Takes the port before anything else starts: the extensions are told the address before the server listens there.</summary>
    static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new HostException(
                $"The port {port} on 127.0.0.1 cannot be used: {exception.Message}. Give another one, or 0 for a free one.",
                exception);
        }
    }
}
