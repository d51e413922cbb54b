namespace Rollcall.Lifecycle;

/// <summary>What was done about a batch that was open and had nothing that ran it.</summary>
public enum ReconcileAction
{
    /// <summary>It had no orchestration, and has one now.</summary>
    Scheduled,

    /// <summary>Its orchestration had failed, and another one takes up what is left.</summary>
    Repaired,

    /// <summary>It failed for good, and the reason is recorded.</summary>
    Failed,

    /// <summary>The notice of its end was not sent by anything, and is now.</summary>
    NoticeScheduled,

    /// <summary>Its intake broke off long ago, and what was stored of it is deleted.</summary>
    Discarded,

    /// <summary>It could not be looked at; the next pass tries again.</summary>
    Skipped,
}
