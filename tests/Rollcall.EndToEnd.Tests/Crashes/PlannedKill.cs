namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A kill to come.</summary>
/// <param name="Victim">What is killed.</param>
/// <param name="AfterRequests">It is killed when the target has seen so many requests, or every item.</param>
/// <param name="Delay">How long after that: for the time when nothing is sent any more but results are still written.</param>
sealed record PlannedKill(CrashVictim Victim, int AfterRequests, TimeSpan Delay);
