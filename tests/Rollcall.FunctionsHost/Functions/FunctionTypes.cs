using Microsoft.Azure.WebJobs;

namespace Rollcall.FunctionsHost.Functions;

/// <summary>Tells the WebJobs SDK where the functions are.</summary>
/// <param name="type">The class that has them.</param>
sealed class FunctionTypes(Type type) : ITypeLocator
{
    public IReadOnlyList<Type> GetTypes() => [type];
}
