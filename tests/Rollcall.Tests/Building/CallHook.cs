using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Puts a test between a caller and one method of what it calls.</summary>
static class CallHook
{
    /// <summary>Wraps an object.</summary>
    /// <param name="target">The object.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="hook">Is given what calls the method, and returns what the caller gets.</param>
    public static T Wrap<T>(T target, string method, Func<Func<object?>, object?> hook)
        where T : class
    {
        object proxy = DispatchProxy.Create<T, CallFaultProxy>();
        ((CallFaultProxy)proxy).Call = (called, arguments) =>
        {
            object? Call() => called.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
            return called.Name == method ? hook(Call) : Call();
        };
        return (T)proxy;
    }
}
