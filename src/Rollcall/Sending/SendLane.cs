namespace Rollcall.Sending;

/// <summary>Which of a batch's lanes sends an item. A lane sends one item after the other, so a batch has as many in flight as lanes.</summary>
/// <param name="Number">The lane, from 0.</param>
/// <param name="Of">How many lanes the batch has.</param>
public readonly record struct SendLane(int Number, int Of);
