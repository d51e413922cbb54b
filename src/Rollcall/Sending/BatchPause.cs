using Rollcall.Batches;

namespace Rollcall.Sending;

/// <summary>Pauses a batch, because nothing of it can be sent until somebody has mended something.</summary>
/// <param name="reason">One sentence.</param>
public delegate Task BatchPause(BatchManifest manifest, string reason);
