namespace Rollcall.Api.Answers;

/// <summary>What a caller who started a batch is told.</summary>
/// <param name="Id">The batch's id.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record StartAnswer(string Id, long Items, BatchLinks Links);
