namespace Rollcall.Batches;

/// <summary>What became of the notice of a run of a batch.</summary>
/// <param name="Webhook">On the way to the webhook; null where the batch has none.</param>
/// <param name="Queue">On the way to the queue; null where the batch has none.</param>
public sealed record NoticeStatus(NoticeDelivery? Webhook = null, NoticeDelivery? Queue = null)
{
    /// <summary>The status of a notice that was not sent yet.</summary>
    /// <param name="whom">Who is to be told.</param>
    /// <returns>The status.</returns>
    public static NoticeStatus NotSent(OnCompleted whom) =>
        new(whom.Webhook is null ? null : NoticeDelivery.NotSent, whom.Queue is null ? null : NoticeDelivery.NotSent);

    /// <summary>The status with another delivery.</summary>
    /// <param name="channel">The way.</param>
    /// <param name="delivery">What became of the notice on it.</param>
    /// <returns>The status.</returns>
    public NoticeStatus With(NoticeChannel channel, NoticeDelivery delivery) =>
        channel == NoticeChannel.Webhook ? this with { Webhook = delivery } : this with { Queue = delivery };

    /// <summary>The status of a notice that is not sent any more: what was pending has failed.</summary>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="at">Since when.</param>
    /// <returns>The status.</returns>
    public NoticeStatus GivenUp(string error, DateTimeOffset at) => new(GiveUp(Webhook, error, at), GiveUp(Queue, error, at));

    static NoticeDelivery? GiveUp(NoticeDelivery? delivery, string error, DateTimeOffset at) => delivery is { Status: NoticeState.Pending }
        ? new NoticeDelivery(NoticeState.Failed, [.. delivery.Attempts, new NoticeAttempt(at, DurationMs: 0, Error: error)])
        : delivery;
}
