using System.Net.Sockets;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Rollcall.FunctionsHost.Functions;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Serves the app's HTTP functions and the extensions' addresses on the host's port.</summary>
static class HttpFunctions
{
    // What the platform accepts as a request.
    const long MaxRequestBytes = 210_000_000;

    /// <summary>Adds the server.</summary>
    public static void AddHttpFunctions(this WebApplicationBuilder builder, Socket socket)
    {
        builder.WebHost.UseSockets(transport => transport.CreateBoundListenSocket = _ => socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(socket.LocalEndPoint!);
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<WorkerForwarder>();
        builder.Services.Configure<RouteOptions>(options => options.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
    }

    /// <summary>Adds the routes.</summary>
    public static void MapHttpFunctions(this WebApplication host, IEnumerable<FunctionDefinition> functions)
    {
        string prefix = host.Configuration[$"{HostEnvironment.Section}:extensions:http:routePrefix"] ?? "api";
        foreach (var function in functions.Where(f => f.Kind == TriggerKind.Http))
        {
            string route = $"/{prefix}/{(string?)function.Trigger["route"] ?? function.Name}".Replace("//", "/", StringComparison.Ordinal);
            string[] methods = [.. (function.Trigger["methods"] ?? new Newtonsoft.Json.Linq.JArray()).Select(m => ((string)m!).ToUpperInvariant())];
            RequestDelegate serve = context => ServeAsync(function, context);
            _ = methods.Length > 0 ? host.MapMethods(route, methods, serve) : host.Map(route, serve);
        }

        host.Map(WebHooks.Route, host.Services.GetRequiredService<WebHooks>().ServeAsync);
        host.MapGet("/admin/host/status", () => Results.Json(new { state = "Running" }));
    }

    /// <summary>Runs the function through the job host, so that its other bindings are real ones. The worker answers the request.</summary>
    static async Task ServeAsync(FunctionDefinition function, HttpContext context)
    {
        try
        {
            var arguments = new Dictionary<string, object> { [(string)function.Trigger["name"]!] = context };
            await context.RequestServices.GetRequiredService<IJobHost>().CallAsync(function.Name, arguments, context.RequestAborted);
        }
        catch (Exception exception) when (exception is FunctionInvocationException or OperationCanceledException && !context.Response.HasStarted)
        {
            // The job host has logged it.
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
