namespace Rollcall.Orchestration;

/// <summary>The input of <see cref="SealBatch"/>.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Run">The run that is sealed, from 1.</param>
public sealed record BatchRunAddress(string BatchId, int Run);
