namespace Rollcall.Sending;

/// <summary>A request for slots of a batch in a row. Times are on the process's steady clock.</summary>
/// <param name="Count">How many, from 1.</param>
/// <param name="Spacing">How far they are apart, and at least as far from those that were taken before.</param>
/// <param name="Earliest">When the first one may begin; taking it may take longer.</param>
/// <param name="Latest">When the first one must begin; where that cannot be, none are taken.</param>
public readonly record struct SlotRequest(int Count, TimeSpan Spacing, TimeSpan Earliest, TimeSpan Latest);
