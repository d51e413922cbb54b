namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>What is killed.</summary>
public enum CrashVictim
{
    /// <summary><c>rollcall run</c> or <c>rollcall serve</c>: engine, store and sender in one process.</summary>
    CommandLine,

    /// <summary>The Function App's worker process, which sends.</summary>
    Worker,

    /// <summary>The Functions host, and the worker with it.</summary>
    Host,

    /// <summary>The storage account, which is stopped and started again: Azurite does not claim to survive a kill.</summary>
    Storage,
}
