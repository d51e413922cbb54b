using System.Diagnostics;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>Runs a function in the worker each time that its trigger fires.</summary>
sealed class FunctionInvoker(IReadOnlyCollection<FunctionDefinition> functions, WorkerSupervisor workers, TimeSpan? timeout)
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
            var invocation = LimitAsync(name, request.InvocationId, worker, worker.InvokeAsync(request, cancellation));
            if (arguments[0] is HttpContext context)
            {
                // The invocation and the forwarded request are two halves of one call: the worker starts when it has both.
                await Task.WhenAll(invocation, HttpFunctions.ForwardAsync(context, request.InvocationId, worker));
            }

            return TypedDataConverter.FromRpc((await invocation).ReturnValue);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Ends the worker, with all its work, if an invocation takes longer than the host lets it: there is no other way to end one.
    /// </summary>
    async Task<InvocationResponse> LimitAsync(string name, string id, Worker worker, Task<InvocationResponse> invocation)
    {
        if (timeout is { } limit && await Task.WhenAny(invocation, Task.Delay(limit)) != invocation)
        {
            await worker.Process.EndAsync(TimeSpan.Zero);
            throw new FunctionTimeoutException($"Timeout value of {limit} was exceeded by function: {name} (Id: '{id}').");
        }

        return await invocation;
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
        var trace = Activity.Current;
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext { TraceParent = trace?.Id ?? "", TraceState = trace?.TraceStateString ?? "" },
        };

        // A request is not among the inputs, because it is forwarded to the worker.
        var inputs = function.Clients.Prepend(function.Trigger).Zip(arguments).Skip(function.Kind == TriggerKind.Http ? 1 : 0);
        request.InputData.AddRange(inputs.Select(input =>
            new ParameterBinding { Name = (string?)input.First["name"], Data = TypedDataConverter.ToRpc(input.Second) }));
        foreach (var (key, value) in Metadata(function.Kind, arguments))
        {
            request.TriggerMetadata[key] = TypedDataConverter.ToRpc(value);
        }

        return request;
    }

    /// <summary>
    /// What a function's plain parameters are bound from: the values of the request's route, the properties of the message.
    /// </summary>
    static IEnumerable<KeyValuePair<string, object?>> Metadata(TriggerKind kind, object?[] arguments) => kind switch
    {
        TriggerKind.Http => ((HttpContext)arguments[0]!).Request.RouteValues,
        TriggerKind.Queue => ((Binder)arguments[^2]!).BindingData.Where(d => d.Value is string or DateTimeOffset or int or long or Guid)!,
        _ => [],
    };
}
