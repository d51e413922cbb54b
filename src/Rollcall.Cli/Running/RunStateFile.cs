namespace Rollcall.Cli.Running;

/// <summary>The content of the file that names a state folder's batch.</summary>
/// <param name="BatchId">The batch.</param>
sealed record RunStateFile(string BatchId);
