using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Azure.WebJobs;
using Rollcall.FunctionsHost.Functions;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Serves the app's HTTP functions and the extensions' addresses on the host's port.</summary>
static class PublicServer
{
    // What the platform accepts as a request.
    const long MaxRequestBytes = 210_000_000;

    /// <summary>Makes the server, without routes.</summary>
    public static WebApplication Create(int port, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<HttpRequests>();
        builder.Services.Configure<RouteOptions>(options => options.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return builder.Build();
    }

    /// <summary>Adds the routes.</summary>
    public static void Map(WebApplication server, string prefix, IEnumerable<FunctionDefinition> functions, IJobHost jobs, WebHooks webHooks)
    {
        var requests = server.Services.GetRequiredService<HttpRequests>();
        foreach (var function in functions.Where(f => f.Kind == TriggerKind.Http))
        {
            string route = $"/{prefix}/{FunctionDefinition.Text(function.Trigger, "route") ?? function.Name}"
                .Replace("//", "/", StringComparison.Ordinal);
            string[] methods = function.Trigger.TryGetProperty("methods", out var given) && given.ValueKind == JsonValueKind.Array
                ? [.. given.EnumerateArray().Select(m => m.GetString()!.ToUpperInvariant())]
                : [];
            RequestDelegate serve = context => requests.ServeAsync(jobs, function, context);
            _ = methods.Length > 0 ? server.MapMethods(route, methods, serve) : server.Map(route, serve);
        }

        server.Map(WebHooks.Route, webHooks.ServeAsync);
        server.MapGet("/admin/host/status", () => Results.Json(new { state = "Running" }));
    }
}
