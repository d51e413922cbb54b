using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Items;

/// <summary>The outcome of one item: its complete response, or a named failure with whatever was received.</summary>
public sealed record ItemOutcome
{
    /// <summary>The item's place in the batch, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>How the item ended.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>The status code of the last response, if there was one.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>
    /// The number of recorded attempts, including those that the target refused. Attempts of a process that was lost are not included.
    /// </summary>
    public int Attempts { get; init; }

    /// <summary>
    /// All attempts in order, see <see cref="Attempt.Times"/>. The next attempt needs them, and so does the result line if there was more
    /// than one; null if neither needs them.
    /// </summary>
    public IReadOnlyList<Attempt>? AttemptHistory { get; init; }

    /// <summary>Milliseconds from the start of the last attempt to the end of its body.</summary>
    public double DurationMs { get; init; }

    /// <summary>The response's <c>Content-Type</c>, if it had one.</summary>
    public string? ContentType { get; init; }

    /// <summary>The part of the response's <c>Content-Encoding</c> that was not decoded; null if all was.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>
    /// The response's headers that the batch keeps, by their names in lower case, null as the value of one that was too large to keep; null
    /// if it keeps none.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>The response's body; null if none was received.</summary>
    public ItemBody? Body { get; init; }

    /// <summary>The failure; null for <see cref="OutcomeStatus.Succeeded"/> only.</summary>
    public ItemError? Error { get; init; }

    /// <summary>The outcome of an item whose activity the platform could not complete.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The known attempts.</param>
    /// <param name="message">The platform's message.</param>
    /// <returns>A failed outcome with the code <see cref="ItemErrorCode.Platform"/>.</returns>
    public static ItemOutcome PlatformFailure(long index, IReadOnlyList<Attempt> attempts, string message) =>
        Failed(index, attempts, ItemError.Of(ItemErrorCode.Platform, message));

    /// <summary>The outcome of an item that has no response of its own.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The attempts made so far.</param>
    /// <param name="error">Why there is no response; null if the item is to be sent again.</param>
    public static ItemOutcome Failed(long index, IReadOnlyList<Attempt> attempts, ItemError? error) => new()
    {
        Index = index,
        Status = OutcomeStatus.Failed,
        Attempts = attempts.Sum(attempt => attempt.Times ?? 1),
        AttemptHistory = attempts.Count > 0 ? [.. attempts] : null,
        Error = error,
    };

    /// <summary>
    /// Whether a status says that the target has too much to do: 429 (RFC 6585, section 4), 503 (RFC 9110, section 15.6.4), or 529, as
    /// Anthropic and others respond.
    /// </summary>
    internal static bool IsRefusal(int? status) => status is 429 or 503 or 529;

    /// <summary>The outcome of an item whose stored id or payload is damaged: failed, with whatever was received.</summary>
    /// <returns>This outcome as a failure with the code <see cref="ItemErrorCode.InputDamaged"/>.</returns>
    public ItemOutcome WithDamagedInput(string message) =>
        this with { Status = OutcomeStatus.Failed, Error = ItemError.Of(ItemErrorCode.InputDamaged, message) };
}

/// <summary>How an item ended. Every item of a sealed batch has exactly one.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<OutcomeStatus>))]
public enum OutcomeStatus
{
    /// <summary>The target responded with a 2xx status, and the body was read to its end.</summary>
    Succeeded,

    /// <summary>The item was sent, or could not be sent, and did not succeed. <see cref="ItemOutcome.Error"/> says why.</summary>
    Failed,

    /// <summary>
    /// The batch was cancelled, or failed as a whole, before the item was sent; or the response was lost with the process that had sent it.
    /// </summary>
    Cancelled,

    /// <summary>The batch's deadline passed before the item was sent; or the response was lost with the process that had sent it.</summary>
    Expired,
}
