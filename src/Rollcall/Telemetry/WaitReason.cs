namespace Rollcall.Telemetry;

/// <summary>Why an item waits before an attempt.</summary>
enum WaitReason
{
    /// <summary>For its turn: the batch's rate, or what its target takes at once.</summary>
    Turn,

    /// <summary>Between two attempts.</summary>
    Retry,

    /// <summary>For a pause of its batch to end.</summary>
    Pause,

    /// <summary>For this machine to have again what a request needs, such as a free port.</summary>
    Shortage,
}
