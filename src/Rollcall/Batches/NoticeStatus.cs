using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>What became of the notice of a run of a batch.</summary>
/// <param name="Webhook">On the way to the webhook; null where the batch has none.</param>
/// <param name="Queue">On the way to the queue; null where the batch has none.</param>
public sealed record NoticeStatus(NoticeDelivery? Webhook = null, NoticeDelivery? Queue = null)
{
    /// <summary>The status of a notice that was not sent yet.</summary>
    /// <param name="whom">Who is to be told.</param>
    public static NoticeStatus NotSent(OnCompleted whom) =>
        new(whom.Webhook is null ? null : NoticeDelivery.NotSent, whom.Queue is null ? null : NoticeDelivery.NotSent);

    /// <summary>The status with another delivery.</summary>
    /// <param name="delivery">What became of the notice on it.</param>
    public NoticeStatus With(NoticeChannel channel, NoticeDelivery delivery) =>
        channel == NoticeChannel.Webhook ? this with { Webhook = delivery } : this with { Queue = delivery };

    /// <summary>The status of a notice that is not sent any more: what was pending has failed.</summary>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="at">Since when.</param>
    public NoticeStatus GivenUp(string error, DateTimeOffset at) => new(GiveUp(Webhook, error, at), GiveUp(Queue, error, at));

    static NoticeDelivery? GiveUp(NoticeDelivery? delivery, string error, DateTimeOffset at) => delivery is { Status: NoticeState.Pending }
        ? new NoticeDelivery(NoticeState.Failed, [.. delivery.Attempts, new NoticeAttempt(at, DurationMs: 0, Error: error)])
        : delivery;
}

/// <summary>What became of a notice on one of its ways.</summary>
/// <param name="Status">How far it has come.</param>
/// <param name="Attempts">How often it was sent, in order.</param>
public sealed record NoticeDelivery(NoticeState Status, IReadOnlyList<NoticeAttempt> Attempts)
{
    /// <summary>A notice that was not sent yet.</summary>
    public static NoticeDelivery NotSent { get; } = new(NoticeState.Pending, []);
}

/// <summary>How far a notice has come on one of its ways.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeState>))]
public enum NoticeState
{
    /// <summary>It is sent, or sent again later.</summary>
    Pending,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>It was not taken, and is not sent again.</summary>
    Failed,
}

/// <summary>One time that a notice was sent.</summary>
/// <param name="At">When it began.</param>
/// <param name="DurationMs">Milliseconds to its end.</param>
/// <param name="HttpStatus">The status of the webhook's answer, where there was one.</param>
/// <param name="Error">Why it was no success, in a sentence; null where it was.</param>
public sealed record NoticeAttempt(DateTimeOffset At, double DurationMs, int? HttpStatus = null, string? Error = null);

/// <summary>The way that a notice takes.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeChannel>))]
public enum NoticeChannel
{
    /// <summary>A signed request to a URL.</summary>
    Webhook,

    /// <summary>A message on a queue of the app's own storage account.</summary>
    Queue,
}
