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
    /// orchestrator's turn is lost that had put activities into the queue already: the turn that is made in its place puts the item there
    /// again, and if it has given the item a number that was another's in the lost turn, the other's result comes back and the item is
    /// sent once more: three. A storage account that goes away has also done what its client got no response to, and so asks for again:
    /// four.
    /// </summary>
    public int MostResends => Victim switch
    {
        CrashVictim.Host => 3,
        CrashVictim.Storage => 4,
        _ => 1,
    };
}
