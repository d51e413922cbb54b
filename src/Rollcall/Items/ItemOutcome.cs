using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Items;

/// <summary>What became of one item: its whole answer, or a named failure with whatever was received.</summary>
public sealed record ItemOutcome
{
    /// <summary>The item's place in the batch, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>How the item ended.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>The status code of the last answer, where there was one.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How often the item was sent, as far as it is recorded: not what a lost process had sent.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// All attempts in order, for the next attempt and for the result line, which has them where there was more than one; null where
    /// neither needs them.
    /// </summary>
    public IReadOnlyList<Attempt>? AttemptHistory { get; init; }

    /// <summary>Milliseconds from the start of the last attempt to the end of its body.</summary>
    public double DurationMs { get; init; }

    /// <summary>The answer's <c>Content-Type</c>, where it had one.</summary>
    public string? ContentType { get; init; }

    /// <summary>What of the answer's <c>Content-Encoding</c> the body still has; null where all was decoded.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The answer's body; null where none was received.</summary>
    public ItemBody? Body { get; init; }

    /// <summary>The failure; null for <see cref="OutcomeStatus.Succeeded"/> only.</summary>
    public ItemError? Error { get; init; }

    /// <summary>The outcome of an item whose activity the platform could not bring to an end.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The attempts that are known of.</param>
    /// <param name="message">What the platform said.</param>
    /// <returns>A failed outcome with the code <see cref="ItemErrorCode.Platform"/>.</returns>
    public static ItemOutcome PlatformFailure(long index, IReadOnlyList<Attempt> attempts, string message) =>
        Failed(index, attempts, ItemError.Of(ItemErrorCode.Platform, message));

    /// <summary>The outcome of an item that has no answer of its own.</summary>
    /// <param name="index">The item's place in the batch.</param>
    /// <param name="attempts">The attempts that were made by then.</param>
    /// <param name="error">Why it has none; null where it is to be sent again.</param>
    public static ItemOutcome Failed(long index, IReadOnlyList<Attempt> attempts, ItemError? error) => new()
    {
        Index = index,
        Status = OutcomeStatus.Failed,
        Attempts = attempts.Count,
        AttemptHistory = attempts.Count > 0 ? [.. attempts] : null,
        Error = error,
    };

    /// <summary>The outcome of an item whose stored id or payload is damaged: failed, with whatever was received.</summary>
    /// <returns>This outcome as a failure with the code <see cref="ItemErrorCode.InputDamaged"/>.</returns>
    public ItemOutcome WithDamagedInput(string message) =>
        this with { Status = OutcomeStatus.Failed, Error = ItemError.Of(ItemErrorCode.InputDamaged, message) };
}

/// <summary>How an item ended. Every item of a sealed batch has exactly one.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<OutcomeStatus>))]
public enum OutcomeStatus
{
    /// <summary>The target answered with a 2xx status and the body was read to its end.</summary>
    Succeeded,

    /// <summary>The item was sent, or could not be sent, and did not succeed. <see cref="ItemOutcome.Error"/> says why.</summary>
    Failed,

    /// <summary>
    /// The batch was cancelled, or failed as a whole, before the item was sent; or its answer was lost with the process that had sent it.
    /// </summary>
    Cancelled,

    /// <summary>The batch's deadline passed before the item was sent; or its answer was lost with the process that had sent it.</summary>
    Expired,
}

/// <summary>One time that an item was sent.</summary>
/// <param name="At">When its request began.</param>
/// <param name="DurationMs">Milliseconds to its end.</param>
/// <param name="HttpStatus">The status of its answer, where there was one.</param>
/// <param name="Error">Why it was no success; null where it was.</param>
public sealed record Attempt(DateTimeOffset At, double DurationMs, int? HttpStatus, ItemErrorCode? Error);
