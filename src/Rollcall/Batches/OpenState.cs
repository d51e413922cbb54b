namespace Rollcall.Batches;

/// <summary>How a batch is that has an orchestration and has not ended.</summary>
static class OpenState
{
    /// <summary>Says what its control makes of it.</summary>
    public static BatchState Of(BatchManifest manifest, BatchControl control, DateTimeOffset now) =>
        control.FindStop(manifest, now) is not null ? BatchState.Stopping
        : control.IsPaused ? BatchState.Paused
        : control.RunStartsAt > now ? BatchState.Scheduled
        : BatchState.Running;
}
