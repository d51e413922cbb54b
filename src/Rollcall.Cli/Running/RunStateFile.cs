namespace Rollcall.Cli.Running;

/// <summary>The content of the file that names a state folder's batch.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Output">The full path of its output; null where it is not known, in a file of an earlier version.</param>
sealed record RunStateFile(string BatchId, string? Output);
