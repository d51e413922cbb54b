using System.Diagnostics;
using System.Globalization;
using Microsoft.Azure.WebJobs;
using Rollcall.FunctionsHost.Http;
using Rollcall.FunctionsHost.Protocol;
using Rollcall.FunctionsHost.Workers;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>Runs a function in the worker each time that its trigger fires.</summary>
/// <param name="functions">The functions by name.</param>
/// <param name="workers">Has the running worker.</param>
/// <param name="requests">The HTTP requests under way.</param>
sealed class FunctionInvoker(IReadOnlyDictionary<string, FunctionDefinition> functions, WorkerSupervisor workers, HttpRequests requests)
{
    int inFlight;

    /// <summary>How many invocations run.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>Runs one invocation: the delegate that the emitted methods call.</summary>
    public async Task<object?> InvokeAsync(string name, object?[] arguments)
    {
        Interlocked.Increment(ref inFlight);
        try
        {
            var function = functions[name];
            var cancellation = (CancellationToken)arguments[^1]!;
            var worker = await workers.GetAsync(cancellation);
            return function.Kind == TriggerKind.Http
                ? await InvokeHttpAsync(worker, function, arguments, cancellation)
                : await InvokeAsync(worker, CreateRequest(Guid.NewGuid().ToString(), function, arguments, withTrigger: true), cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    async Task<object?> InvokeHttpAsync(Worker worker, FunctionDefinition function, object?[] arguments, CancellationToken cancellation)
    {
        string id = (string)arguments[0]!;
        var context = requests.Get(id);
        var request = CreateRequest(id, function, arguments, withTrigger: false);

        // The worker binds a function's route parameters from here, not from the request that is forwarded to it.
        foreach (var (key, value) in context.Request.RouteValues)
        {
            request.TriggerMetadata[key] = TypedDataConverter.ToRpc(Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        // The invocation and the forwarded request are two halves of one call: the worker starts when it has both.
        var invocation = InvokeAsync(worker, request, cancellation);
        await Task.WhenAll(invocation, requests.ForwardAsync(context, worker));
        return await invocation;
    }

    static async Task<object?> InvokeAsync(Worker worker, InvocationRequest request, CancellationToken cancellation) =>
        TypedDataConverter.FromRpc((await worker.InvokeAsync(request, cancellation)).ReturnValue);

    static InvocationRequest CreateRequest(string id, FunctionDefinition function, object?[] arguments, bool withTrigger)
    {
        var request = new InvocationRequest
        {
            InvocationId = id,
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext
            {
                TraceParent = Activity.Current?.Id ?? "",
                TraceState = Activity.Current?.TraceStateString ?? "",
            },
        };
        if (withTrigger)
        {
            Add(request, function.Trigger, arguments[0]);
        }

        for (int i = 0; i < function.Clients.Count; i++)
        {
            Add(request, function.Clients[i], arguments[i + 1]);
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

    static void Add(InvocationRequest request, System.Text.Json.JsonElement binding, object? value) =>
        request.InputData.Add(new ParameterBinding { Name = FunctionDefinition.Text(binding, "name"), Data = TypedDataConverter.ToRpc(value) });
}
