namespace Rollcall.Orchestration;

/// <summary>What an engine has left of a batch after a part of its records was removed.</summary>
public enum RecordsLeft
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Records that can be removed at once.</summary>
    Removable,

    /// <summary>Something that goes on, and was told to end.</summary>
    Live,
}
