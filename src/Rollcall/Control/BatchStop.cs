namespace Rollcall.Control;

/// <summary>That no further item of a batch is sent, for good. What is in flight by then is waited for and recorded.</summary>
/// <param name="Kind">What had it stop.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="At">From when on.</param>
public sealed record BatchStop(StopKind Kind, string Reason, DateTimeOffset At);
