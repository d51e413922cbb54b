namespace Rollcall.Orchestration;

/// <summary>A shard's results as a run has them.</summary>
/// <param name="Results">The lines; null where there are none.</param>
/// <param name="IsKept">Whether they are of an earlier run, because this one has written none.</param>
/// <param name="Damage">What is wrong with those that this run has written; null where they could be opened.</param>
sealed record ShardResults(Stream? Results, bool IsKept = false, string? Damage = null) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Results?.DisposeAsync() ?? ValueTask.CompletedTask;
}
