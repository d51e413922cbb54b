namespace Rollcall.Batches;

/// <summary>What became of a notice on one of its ways.</summary>
/// <param name="Status">How far it has come.</param>
/// <param name="Attempts">How often it was sent, in order.</param>
public sealed record NoticeDelivery(NoticeState Status, IReadOnlyList<NoticeAttempt> Attempts)
{
    /// <summary>A notice that was not sent yet.</summary>
    public static NoticeDelivery NotSent { get; } = new(NoticeState.Pending, []);
}
