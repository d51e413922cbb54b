namespace Rollcall.Sqlite.Orchestrations;

/// <summary>The state of a mailbox.</summary>
enum MailboxState
{
    /// <summary>It waits for the start of its instance, or for the end of a delay.</summary>
    Resting,

    /// <summary>It has messages and waits for a worker.</summary>
    Ready,

    /// <summary>A worker is processing it.</summary>
    Taken,

    /// <summary>Its instance has ended or was removed.</summary>
    Gone,
}
