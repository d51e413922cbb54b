namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>
/// The tests that take a Function App of their own away, one after the other. They mostly wait for a start and for messages that are hidden
/// for a minute, so that other tests can run beside them.
/// </summary>
[CollectionDefinition(Name)]
public sealed class CrashCollection
{
    public const string Name = "Own Function App that is taken away";
}
