namespace Rollcall.EndToEnd.Tests.Life;

/// <summary>The tests of a batch's life: each runs in both hosts, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LifeCollection : ICollectionFixture<LifeHosts>
{
    public const string Name = "A batch's life";
}
