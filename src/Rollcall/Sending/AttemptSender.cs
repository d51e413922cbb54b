using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Sending;

/// <summary>What an attempt at an item needs to know.</summary>
/// <param name="Number">The number of the attempt among the item's, from 1.</param>
/// <param name="Turn">Gives further requests of the attempt their turn.</param>
/// <param name="Timeout">The time limit of all its requests together.</param>
/// <param name="HeldUntil">Until when further requests may be waited for, on the steady clock; null for as long as it takes.</param>
sealed record ItemAttempt(Posting Posting, int Number, SendTurn Turn, TimeSpan Timeout, TimeSpan? HeldUntil);

/// <summary>What came of an attempt.</summary>
/// <param name="At">When it began.</param>
/// <param name="Asked">How long to wait before the next one, as the target asks for it; null if it does not.</param>
/// <param name="Limits">What the target says of its limits.</param>
/// <param name="AsksForRetry">Whether the batch's verdict says that the item is to be sent again.</param>
sealed record AttemptResult(
    DateTimeOffset At, ItemOutcome Outcome, TimeSpan? Asked, IReadOnlyList<AnnouncedLimit> Limits, bool AsksForRetry = false)
{
    /// <summary>The attempt, for the record.</summary>
    public Attempt Attempt { get; } = new(At, Outcome.DurationMs, Outcome.HttpStatus, Outcome.Error?.Code);

    /// <summary>What the attempt says about the target.</summary>
    public PaceSign Sign => new(
        this switch
        {
            { Attempt.IsUnanswered: true } => AttemptKind.Unanswered,
            { Attempt.IsRefused: true } => AttemptKind.Refused,
            { Outcome.HttpStatus: not null } => AttemptKind.Taken,
            _ => null,
        },
        Asked,
        Limits);
}

/// <summary>What came of trying to send.</summary>
/// <param name="Sent">The attempt; null if there was none.</param>
/// <param name="Wait">How long to wait before the next try; null after an attempt.</param>
/// <param name="IsPaused">Whether the batch was paused.</param>
readonly record struct TriedAttempt(AttemptResult? Sent, TimeSpan? Wait, bool IsPaused = false);

/// <summary>Makes one attempt at an item, and an outcome of whatever the target does.</summary>
/// <param name="hops">Sends the requests.</param>
/// <param name="store">Where larger bodies go.</param>
/// <param name="shortage">Knows what this machine lacks.</param>
sealed class AttemptSender(HopSender hops, IBatchStore store, LocalShortage shortage, TimeProvider time)
{
    const int MaxContentTypeLength = 256;

    readonly RecentEntries<VerdictOptions, Verdict> verdicts = new();
    Verdict? last;

    /// <summary>Makes the attempt.</summary>
    /// <returns>What came of it; null if nothing was sent, because this machine could not.</returns>
    /// <exception cref="IOException">The batch's store failed.</exception>
    /// <exception cref="TokenException">There is no bearer token, or no new one in the place of one that the target refuses.</exception>
    public async Task<AttemptResult?> SendAsync(ItemAttempt attempt)
    {
        var posting = attempt.Posting;
        var token = await hops.FindTokenAsync(posting);
        var verdict = VerdictOf(posting.Batch.Options.Verdict);
        var judgement = default(Judgement);
        var options = posting.Batch.Options;
        using var trace = AttemptTrace.Start(posting, attempt.Number);
        var at = time.GetUtcNow();
        TimeSpan? asked = null;
        IReadOnlyList<AnnouncedLimit> limits = [];
        using var deadline = new AttemptDeadline(attempt.Timeout, attempt.HeldUntil, time);
        var outcome = new ItemOutcome { Index = posting.Index, Status = OutcomeStatus.Failed, Attempts = attempt.Number };
        try
        {
            var (received, exchange, redirectError) = await hops.SendAsync(
                posting,
                verdict,
                token,
                () => deadline.HoldAsync(attempt.Turn.WaitForNextRequestAsync),
                deadline.Token);
            using var response = received;
            shortage.Pass();
            asked = RetryAfterHeader.Read(response, time.GetUtcNow());
            limits = LimitResets.FindLimits(response.Headers, time.GetUtcNow());
            outcome = outcome with
            {
                HttpStatus = (int)response.StatusCode,
                ContentType = ContentTypeOf(response),
                Headers = KeptHeaders.Of(response, options.Record.KeepHeaders),
            };

            await using var body = await ResponseBody.OpenAsync(response, exchange, deadline.Token);
            var reader = new BodyReader(store, posting.Batch.Id, posting.Shard, options.MaxBodyBytes);
            var read = await reader.ReadAsync(body.Stream, deadline.Token);
            outcome = outcome with { DurationMs = Math.Round(deadline.Used.TotalMilliseconds, 3) };
            bool isCut = read is { IsTooLarge: true } or { Failure: not null };
            if (!isCut)
            {
                judgement = await verdict.JudgeAsync(
                    read.Body, name => store.FindBodyAsync(posting.Batch.Id, posting.Shard, name, CancellationToken.None));
            }

            var error = FindError(response, verdict, redirectError, read, judgement, options, deadline.Token);
            outcome = outcome with
            {
                Body = read.Body with { IsCut = isCut },
                ContentEncoding = body.Encoding,
                Error = error,
                Status = error is null ? OutcomeStatus.Succeeded : OutcomeStatus.Failed,
            };
        }
        catch (Exception exception) when (ItemFailure.IsFromTarget(exception))
        {
            if (shortage.IsReasonOf(exception, posting.Url))
            {
                return null;
            }

            outcome = outcome with
            {
                DurationMs = Math.Round(deadline.Used.TotalMilliseconds, 3),
                Error = ItemFailure.Of(exception, attempt.Timeout, bodyBytes: null, deadline.Token),
            };
        }

        AttemptTrace.Record(trace, outcome);
        return new AttemptResult(at, outcome, asked, limits, judgement.AsksForRetry);
    }

    // Usually it is the same object as last time, which costs nothing to find.
    Verdict VerdictOf(VerdictOptions chosen)
    {
        var known = last;
        if (known?.Options != (object)chosen)
        {
            last = known = verdicts.Find(chosen) ?? verdicts.Keep(chosen, new Verdict(chosen));
        }

        return known;
    }

    // Of a status that is no success, the status decides what is done next, whatever became of the body.
    static ItemError? FindError(
        HttpResponseMessage response,
        Verdict verdict,
        string? redirectError,
        BodyRead read,
        Judgement judgement,
        BatchOptions options,
        CancellationToken deadline)
    {
        var ofBody = read switch
        {
            { IsTooLarge: true } => ItemError.Of(
                ItemErrorCode.BodyTooLarge,
                $"The body is larger than maxBodyBytes, {options.MaxBodyBytes} bytes; its start is kept."),
            { Failure: { } failure } => ItemFailure.Of(failure, TimeSpan.FromSeconds(options.TimeoutSeconds), read.Body.Bytes, deadline),
            _ => null,
        };
        int status = (int)response.StatusCode;
        if (verdict.IsSuccess(status))
        {
            return ofBody ?? (judgement.Failure is { } failure ? ItemError.Of(ItemErrorCode.Verdict, failure) : null);
        }

        return ItemError.Of(
            redirectError is null ? ItemErrorCode.HttpStatus : ItemErrorCode.Redirect,
            string.Join(
                ' ',
                redirectError ?? $"The target answered {status} {HeadText.Of(response.ReasonPhrase ?? "")}".TrimEnd() + ".",
                ofBody?.Message).TrimEnd());
    }

    static string? ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? Cut(values.ToString()) : null;

    static string Cut(string value) => value.Length <= MaxContentTypeLength ? value : value[..MaxContentTypeLength];
}
