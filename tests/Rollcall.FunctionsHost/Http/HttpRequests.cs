using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Rollcall.FunctionsHost.Functions;
using Rollcall.FunctionsHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Rollcall.FunctionsHost.Http;

/// <summary>
/// The HTTP requests under way. Each runs its function through the job host, so that the function's other bindings are real ones, and
/// is forwarded to the worker's own HTTP server.
/// </summary>
/// <param name="forwarder">Forwards requests.</param>
sealed class HttpRequests(IHttpForwarder forwarder) : IDisposable
{
    const string InvocationHeader = "x-ms-invocation-id";

    // The platform's limit for the answer to a request.
    static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };

    readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    readonly ConcurrentDictionary<string, HttpContext> underWay = new();

    /// <summary>Serves a request by its function.</summary>
    public async Task ServeAsync(IJobHost jobs, FunctionDefinition function, HttpContext context)
    {
        string id = Guid.NewGuid().ToString();
        underWay[id] = context;
        context.Request.Headers[InvocationHeader] = id;
        try
        {
            var arguments = new Dictionary<string, object> { [FunctionDefinition.Text(function.Trigger, "name")!] = id };
            await jobs.CallAsync(function.Name, arguments, context.RequestAborted);
        }
        catch (Exception exception) when (exception is FunctionInvocationException or OperationCanceledException)
        {
            // The job host has logged it. What the worker itself answered, it answered on the request that was forwarded.
            if (!context.Response.HasStarted)
            {
                context.Response.Clear();
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
        finally
        {
            underWay.TryRemove(id, out _);
        }
    }

    /// <summary>The request of an invocation.</summary>
    public HttpContext Get(string invocationId) => underWay[invocationId];

    /// <summary>Forwards a request to the worker and the worker's answer back.</summary>
    public async Task ForwardAsync(HttpContext context, Worker worker)
    {
        string address = worker.HttpAddress?.ToString()
            ?? throw new HostException("The worker serves no HTTP: the app needs ConfigureFunctionsWebApplication (ASP.NET Core integration).");
        var error = await forwarder.SendAsync(context, address, client, Config);
        if (error != ForwarderError.None && !context.RequestAborted.IsCancellationRequested)
        {
            throw new WorkerProcessExitException(string.Create(CultureInfo.InvariantCulture, $"The worker did not answer the request: {error}."));
        }
    }

    public void Dispose() => client.Dispose();
}
