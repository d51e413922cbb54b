using System.Diagnostics;
using System.Globalization;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json.Linq;
using Rollcall.FunctionsHost.Http;
using Rollcall.FunctionsHost.Protocol;
using Rollcall.FunctionsHost.Workers;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>Runs a function in the worker each time that its trigger fires.</summary>
/// <param name="functions">The functions.</param>
/// <param name="workers">Has the running worker.</param>
/// <param name="forwarder">Forwards HTTP requests to the worker.</param>
sealed class FunctionInvoker(IReadOnlyCollection<FunctionDefinition> functions, WorkerSupervisor workers, WorkerForwarder forwarder)
{
    readonly Dictionary<string, FunctionDefinition> byName = functions.ToDictionary(f => f.Name);
    readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than the invocations that run, until draining starts: so it reaches 0 once and for all.
    int holds = 1;

    /// <summary>Runs one invocation: what the emitted methods call.</summary>
    public async Task<object?> InvokeAsync(string name, object?[] arguments)
    {
        Interlocked.Increment(ref holds);
        try
        {
            var function = byName[name];
            var cancellation = (CancellationToken)arguments[^1]!;
            var worker = await workers.GetAsync(cancellation);
            var request = CreateRequest(function, arguments);
            var invocation = worker.InvokeAsync(request, cancellation);
            if (arguments[0] is HttpContext context)
            {
                // The invocation and the forwarded request are two halves of one call: the worker starts when it has both.
                await Task.WhenAll(invocation, forwarder.ForwardAsync(context, request.InvocationId, worker));
            }

            return TypedDataConverter.FromRpc((await invocation).ReturnValue);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Waits for the invocations that run, once no trigger fires any more.</summary>
    /// <returns>How many still run after the limit.</returns>
    public async Task<int> DrainAsync(TimeSpan limit)
    {
        Release();
        await Task.WhenAny(drained.Task, Task.Delay(limit));
        return Volatile.Read(ref holds);
    }

    void Release()
    {
        if (Interlocked.Decrement(ref holds) == 0)
        {
            drained.TrySetResult();
        }
    }

    static InvocationRequest CreateRequest(FunctionDefinition function, object?[] arguments)
    {
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext
            {
                TraceParent = Activity.Current?.Id ?? "",
                TraceState = Activity.Current?.TraceStateString ?? "",
            },
        };
        if (arguments[0] is HttpContext context)
        {
            // The worker binds a function's route parameters from here, not from the request that is forwarded to it.
            foreach (var (key, value) in context.Request.RouteValues)
            {
                request.TriggerMetadata[key] = TypedDataConverter.ToRpc(Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }
        else
        {
            Add(request, function.Trigger, arguments[0]);
        }

        foreach (var (i, client) in function.Clients.Index())
        {
            Add(request, client, arguments[i + 1]);
        }

        if (function.Kind == TriggerKind.Queue)
        {
            foreach (var (key, value) in ((Binder)arguments[^2]!).BindingData.Where(d => d.Value is string or DateTimeOffset or int or long or Guid))
            {
                request.TriggerMetadata[key] = TypedDataConverter.ToRpc(value);
            }
        }

        return request;
    }

    static void Add(InvocationRequest request, JObject binding, object? value) =>
        request.InputData.Add(new ParameterBinding { Name = (string?)binding["name"], Data = TypedDataConverter.ToRpc(value) });
}
