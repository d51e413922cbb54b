using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rollcall.FunctionsHost.Workers;

/// <summary>Serves the worker protocol on a loopback port of its own, until it is disposed of.</summary>
static class WorkerServer
{
    public static async Task<WebApplication> StartAsync(AppFolder app, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging);
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(app);
        builder.Services.AddSingleton<WorkerSupervisor>();
        var server = builder.Build();
        server.MapGrpcService<WorkerSupervisor>();
        await server.StartAsync();
        return server;
    }
}
