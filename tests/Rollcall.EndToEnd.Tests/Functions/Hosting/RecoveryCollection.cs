namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>
/// The tests in which a Function App of their own recovers, one after the other. They mostly wait for what the platform hides or retries,
/// so that other tests can run beside them.
/// </summary>
[CollectionDefinition(Name)]
public sealed class RecoveryCollection
{
    public const string Name = "Own Function App that recovers";
}
