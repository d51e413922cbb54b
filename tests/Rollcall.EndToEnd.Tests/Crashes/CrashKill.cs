using System.Diagnostics;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A kill that happened.</summary>
/// <param name="Victim">What was killed.</param>
/// <param name="From">When it began, as a timestamp of <see cref="Stopwatch"/>.</param>
/// <param name="InFlight">How many requests were in flight at the target.</param>
sealed record CrashKill(CrashVictim Victim, long From, int InFlight)
{
    /// <summary>When the victim was up again; from then on nothing of the killed process arrives any more.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>
    /// How many more requests of one item a kill explains. A process whose activity was lost has it run again: one. With the host also an
    /// orchestrator's turn is lost that had put the activity into the queue already, and puts it there again: two. A storage account that
    /// goes away has besides done what its client heard no answer to, and so asks for again: three.
    /// </summary>
    public int MostResends => Victim switch
    {
        CrashVictim.Host => 2,
        CrashVictim.Storage => 3,
        _ => 1,
    };
}
