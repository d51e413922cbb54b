namespace Rollcall.Notices;

/// <summary>The JSON of a notice, in the form that Standard Webhooks 1.0 recommends.</summary>
/// <param name="Type">The kind of event.</param>
/// <param name="Timestamp">When it happened; the same however often the notice is sent.</param>
/// <param name="Data">What happened.</param>
public sealed record NoticeEvent(string Type, DateTimeOffset Timestamp, NoticeData Data)
{
    /// <summary>The kind of event that a batch's end is.</summary>
    public const string BatchEnded = "batch.ended";
}
