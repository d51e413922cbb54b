using Rollcall.EndToEnd.Tests;
using Rollcall.EndToEnd.Tests.Functions.Hosting;
using Rollcall.EndToEnd.Tests.Life;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Rollcall.EndToEnd.Tests;

/// <summary>
/// Starts the collections first whose tests take minutes and run one after the other: one of them that starts last would end long after
/// all others.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly string[] Longest =
        [RecoveryCollection.Name, LifeCollection.Name, OwnAppCollection.Name, CrashCollection.Name, FunctionsCollection.Name];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => (uint)Array.IndexOf(Longest, collection.TestCollectionDisplayName))];
}
