using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Fails one call of those that go through its proxies, as storage does that is lost at that moment.</summary>
/// <param name="number">Which call, from 1, in all of the proxies together.</param>
/// <param name="isDone">Whether the call has had its effect by then.</param>
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
