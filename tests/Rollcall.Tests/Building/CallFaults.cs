using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Makes one of the calls through its proxies fail, like storage that becomes unreachable at that moment.</summary>
/// <param name="number">The number of the call, from 1, across all proxies.</param>
/// <param name="isDone">Whether the call takes effect before it fails.</param>
sealed class CallFaults(int number, bool isDone)
{
    int calls;

    /// <summary>Whether there were that many calls.</summary>
    public bool HasFailed => calls >= number;

    public T Wrap<T>(T target)
        where T : class
    {
        object proxy = DispatchProxy.Create<T, CallFaultProxy>();
        ((CallFaultProxy)proxy).Call = (method, arguments) => Call(target, method, arguments);
        return (T)proxy;
    }

    object? Call(object target, MethodInfo method, object?[]? arguments)
    {
        bool fails = !method.IsSpecialName && ++calls == number;
        object? result = fails && !isDone
            ? null
            : method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        if (!fails)
        {
            return result;
        }

        (result as Task)?.Wait(TestContext.Current.CancellationToken);
        throw new IOException("The storage is lost.");
    }
}
