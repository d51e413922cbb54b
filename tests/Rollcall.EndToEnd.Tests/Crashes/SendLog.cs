namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>What a target saw.</summary>
/// <param name="Requests">The requests of each item, in the order of their arrival.</param>
/// <param name="Faults">What was wrong with requests: a key of no item, a payload of another item, a second key.</param>
sealed record SendLog(IReadOnlyList<IReadOnlyList<SentRequest>> Requests, IReadOnlyList<string> Faults)
{
    public int Total => Requests.Sum(sent => sent.Count);

    public int InFlightAtKills => Requests.Sum(sent => sent.Count(request => request.WasInFlightAtAKill));
}
