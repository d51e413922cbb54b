namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>The tests that have a Function App of their own, one after the other: with the shared one, no more than two run at once.</summary>
[CollectionDefinition(Name)]
public sealed class OwnAppCollection
{
    public const string Name = "Own Function App";
}
