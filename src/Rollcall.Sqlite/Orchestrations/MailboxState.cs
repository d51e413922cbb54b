namespace Rollcall.Sqlite.Orchestrations;

/// <summary>Where a mailbox is.</summary>
enum MailboxState
{
    /// <summary>It waits for the start of its instance, or for the end of a delay.</summary>
    Resting,

    /// <summary>It is in the line of those that have messages.</summary>
    Ready,

    /// <summary>A worker has it.</summary>
    Taken,

    /// <summary>Its instance has ended or was removed.</summary>
    Gone,
}
