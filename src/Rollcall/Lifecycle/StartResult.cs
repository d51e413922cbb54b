namespace Rollcall.Lifecycle;

/// <summary>What came of a request to start a batch.</summary>
public enum StartResult
{
    /// <summary>The batch is new and started.</summary>
    Started,

    /// <summary>A batch with the same id and the same content was there.</summary>
    Existing,

    /// <summary>A batch with the same id and other content was there. Nothing was changed.</summary>
    Conflict,
}
