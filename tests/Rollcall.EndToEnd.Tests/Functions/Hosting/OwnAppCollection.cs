namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>The tests that have a Function App of their own, one after the other, so that few run at once.</summary>
[CollectionDefinition(Name)]
public sealed class OwnAppCollection
{
    public const string Name = "Own Function App";
}
