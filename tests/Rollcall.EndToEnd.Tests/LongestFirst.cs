using Rollcall.EndToEnd.Tests;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.EndToEnd.Tests.Life;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Rollcall.EndToEnd.Tests;

/// <summary>Starts the collections of several classes before all others: one that starts last keeps the whole run waiting for its end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly string[] Longest = [OwnAppCollection.Name, LifeCollection.Name, RecoveryCollection.Name, FunctionsCollection.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.IndexOf(Longest, collection.TestCollectionDisplayName) is >= 0 and var place ? place : Longest.Length)];
}
