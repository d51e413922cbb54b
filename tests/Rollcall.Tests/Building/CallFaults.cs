using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Fails one call of those that go through its proxies, as storage does that is lost at that moment.</summary>
/// <param name="number">Which call, from 1, in all of the proxies together.</param>
/// <param name="isDone">Whether the call has had its effect by then.</param>
sealed class CallFaults(int number, bool isDone)
{
    int calls;

    bool IsDone => isDone;

    /// <summary>Whether there were that many calls.</summary>
    public bool HasFailed => calls >= number;

    public T Wrap<T>(T target)
        where T : class
    {
        object proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)proxy).Set(this, target);
        return (T)proxy;
    }

    bool IsNext() => ++calls == number;

    public class Proxy : DispatchProxy
    {
        CallFaults? faults;
        object? target;

        internal void Set(object owner, object inner)
        {
            faults = (CallFaults)owner;
            target = inner;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            bool isProperty = targetMethod!.IsSpecialName;
            bool fails = !isProperty && faults!.IsNext();
            if (fails && !faults!.IsDone)
            {
                throw new IOException("The storage is lost.");
            }

            object? result = targetMethod.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
            return fails ? FailAfter(result) : result;
        }

        static object? FailAfter(object? result)
        {
            (result as Task)?.Wait(TestContext.Current.CancellationToken);
            throw new IOException("The storage is lost.");
        }
    }
}
