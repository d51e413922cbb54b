using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Passes the calls of an interface to a function. The runtime derives a class from it, so it is not sealed.</summary>
public class CallFaultProxy : DispatchProxy
{
    internal Func<MethodInfo, object?[]?, object?> Call { get; set; } = (_, _) => null;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args);
}
