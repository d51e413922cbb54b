using System.Net.Sockets;
using Microsoft.Azure.WebJobs.Host;
using Yarp.ReverseProxy.Forwarder;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Serves the HTTP functions. Each runs through the job host, so that its other bindings are real ones.</summary>
static class HttpFunctions
{
    // The platform's limit for the response to a request.
    static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };

    static readonly HttpMessageInvoker Client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectCallback = ConnectAsync });

    /// <summary>Adds the routes of the functions.</summary>
    public static void Map(WebApplication host, IEnumerable<FunctionDefinition> functions)
    {
        string prefix = host.Configuration[$"{HostEnvironment.Section}:extensions:http:routePrefix"] ?? "api";
        foreach (var function in functions.Where(f => f.Kind == TriggerKind.Http))
        {
            string route = $"/{prefix}/{(string?)function.Trigger["route"] ?? function.Name}".Replace("//", "/", StringComparison.Ordinal);
            string[] methods = [.. (function.Trigger["methods"] ?? new JArray()).Select(m => ((string)m!).ToUpperInvariant())];

            // Where the function names no methods it takes all, and so does this.
            host.Map(route, context => ServeAsync(function, context)).WithMetadata(new HttpMethodMetadata(methods));
        }
    }

    /// <summary>Forwards the request of an invocation to the worker's own HTTP server, and the worker's response back.</summary>
    public static async Task ForwardAsync(HttpContext context, string invocationId, Worker worker)
    {
        string address = worker.HttpAddress
            ?? throw new HostException(
                "The worker serves no HTTP: the app needs ConfigureFunctionsWebApplication (ASP.NET Core integration).");
        context.Request.Headers["x-ms-invocation-id"] = invocationId;
        var error = await context.RequestServices.GetRequiredService<IHttpForwarder>().SendAsync(context, address, Client, Config);
        if (error != ForwarderError.None && !context.RequestAborted.IsCancellationRequested)
        {
            throw new WorkerProcessExitException($"The worker did not answer the request: {error}.");
        }
    }

    static async Task ServeAsync(FunctionDefinition function, HttpContext context)
    {
        try
        {
            var arguments = new Dictionary<string, object> { [(string)function.Trigger["name"]!] = context };
            await context.RequestServices.GetRequiredService<IJobHost>().CallAsync(function.Name, arguments, context.RequestAborted);
        }
        catch (Exception exception) when (exception is FunctionInvocationException or OperationCanceledException
            && !context.Response.HasStarted)
        {
            // The job host has logged it.
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    // A worker takes invocations a moment before its HTTP server listens, so it is waited for, as by the platform's host.
    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
                return client.GetStream();
            }
            catch (SocketException) when (attempt < 300)
            {
                client.Dispose();
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
