namespace Rollcall.Sending;

/// <summary>A moment at which a batch may send one request.</summary>
/// <param name="At">When it begins, on the steady clock.</param>
/// <param name="Latest">Until when a request may still leave in it.</param>
readonly record struct SendSlot(TimeSpan At, TimeSpan Latest);
