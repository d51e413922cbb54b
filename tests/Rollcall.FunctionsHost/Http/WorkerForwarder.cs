using Rollcall.FunctionsHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Rollcall.FunctionsHost.Http;

/// <summary>Forwards requests to the worker's own HTTP server, and its answers back.</summary>
/// <param name="forwarder">Forwards requests.</param>
sealed class WorkerForwarder(IHttpForwarder forwarder) : IDisposable
{
    const string InvocationHeader = "x-ms-invocation-id";

    // The platform's limit for the answer to a request.
    static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };

    readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    /// <summary>Forwards a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="invocationId">The invocation that the request is one half of.</param>
    /// <param name="worker">The worker that has the other half.</param>
    public async Task ForwardAsync(HttpContext context, string invocationId, Worker worker)
    {
        string address = worker.HttpAddress
            ?? throw new HostException("The worker serves no HTTP: the app needs ConfigureFunctionsWebApplication (ASP.NET Core integration).");
        context.Request.Headers[InvocationHeader] = invocationId;
        var error = await forwarder.SendAsync(context, address, client, Config);
        if (error != ForwarderError.None && !context.RequestAborted.IsCancellationRequested)
        {
            throw new WorkerProcessExitException($"The worker did not answer the request: {error}.");
        }
    }

    public void Dispose() => client.Dispose();
}
