namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>The tests that share one running Function App, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FunctionsCollection : ICollectionFixture<FunctionsFixture>
{
    public const string Name = "Function App";
}
