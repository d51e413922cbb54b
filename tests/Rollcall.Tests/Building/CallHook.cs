using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Lets a test intercept one method of an object.</summary>
static class CallHook
{
    /// <summary>Wraps an object.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="hook">Gets a function that calls the method, and returns what the caller gets.</param>
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
