using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Batches;

/// <summary>How the delivery of a run's notice is going.</summary>
/// <param name="Webhook">The delivery to the webhook; null if the batch has none.</param>
/// <param name="Queue">The delivery to the queue; null if the batch has none.</param>
public sealed record NoticeStatus(NoticeDelivery? Webhook = null, NoticeDelivery? Queue = null)
{
    /// <summary>The status of a notice that was not sent yet.</summary>
    /// <param name="whom">Who is to be notified.</param>
    public static NoticeStatus NotSent(OnCompleted whom) =>
        new(whom.Webhook is null ? null : NoticeDelivery.NotSent, whom.Queue is null ? null : NoticeDelivery.NotSent);

    /// <summary>Replaces the delivery on one channel.</summary>
    public NoticeStatus With(NoticeChannel channel, NoticeDelivery delivery) =>
        channel == NoticeChannel.Webhook ? this with { Webhook = delivery } : this with { Queue = delivery };

    /// <summary>Gives the notice up: pending deliveries become failed.</summary>
    /// <param name="error">Why, in a sentence.</param>
    /// <param name="at">When it was given up.</param>
    public NoticeStatus GivenUp(string error, DateTimeOffset at) => new(GiveUp(Webhook, error, at), GiveUp(Queue, error, at));

    static NoticeDelivery? GiveUp(NoticeDelivery? delivery, string error, DateTimeOffset at) => delivery is { Status: NoticeState.Pending }
        ? new NoticeDelivery(NoticeState.Failed, [.. delivery.Attempts, new NoticeAttempt(at, DurationMs: 0, Error: error)])
        : delivery;
}

/// <summary>The delivery of a notice on one channel.</summary>
/// <param name="Status">The delivery's state.</param>
/// <param name="Attempts">All attempts, in order.</param>
public sealed record NoticeDelivery(NoticeState Status, IReadOnlyList<NoticeAttempt> Attempts)
{
    /// <summary>A notice that was not sent yet.</summary>
    public static NoticeDelivery NotSent { get; } = new(NoticeState.Pending, []);
}

/// <summary>The state of a delivery.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeState>))]
public enum NoticeState
{
    /// <summary>It is being sent, or will be sent again.</summary>
    Pending,

    /// <summary>The receiver accepted it.</summary>
    Delivered,

    /// <summary>The receiver did not accept it, and it is not sent again.</summary>
    Failed,
}

/// <summary>One attempt to deliver a notice.</summary>
/// <param name="At">When the attempt began.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="HttpStatus">The status of the webhook's response, if there was one.</param>
/// <param name="Error">Why it failed, in a sentence; null if it succeeded.</param>
public sealed record NoticeAttempt(DateTimeOffset At, double DurationMs, int? HttpStatus = null, string? Error = null);

/// <summary>How a notice is delivered.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<NoticeChannel>))]
public enum NoticeChannel
{
    /// <summary>A signed request to a URL.</summary>
    Webhook,

    /// <summary>A message on a queue of the app's own storage account.</summary>
    Queue,
}
