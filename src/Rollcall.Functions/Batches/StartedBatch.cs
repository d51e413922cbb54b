using Rollcall.Batches;

namespace Rollcall.Functions.Batches;

/// <summary>The answer to a request to start a batch.</summary>
/// <param name="Manifest">The batch that has the id.</param>
/// <param name="Result">Whether it is the one that was asked for.</param>
sealed record StartedBatch(BatchManifest Manifest, StartResult Result);
