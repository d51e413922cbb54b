using System.Reflection;

namespace Rollcall.Tests.Building;

/// <summary>Hands the calls of an interface to a function. The runtime makes a class of it, which is why it is not sealed.</summary>
public class CallFaultProxy : DispatchProxy
{
    internal Func<MethodInfo, object?[]?, object?> Call { get; set; } = (_, _) => null;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Call(targetMethod!, args);
}
