using Rollcall.Batches;

namespace Rollcall.Hosting;

/// <summary>What came of a request to start a batch.</summary>
/// <param name="Manifest">The batch that has the id.</param>
/// <param name="Result">Whether it is the one that was asked for.</param>
/// <param name="Difference">What differs, where another batch has the id: <c>items</c>, <c>options</c> or <c>target</c>.</param>
public sealed record StartedBatch(BatchManifest Manifest, StartResult Result, string? Difference);
