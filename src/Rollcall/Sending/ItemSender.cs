using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Sending;

/// <summary>
/// POSTs one payload and reads the response to the last byte of its body. Whatever the target does is an outcome, never an exception.
/// </summary>
/// <param name="client">The HTTP client. Its own timeout must be infinite: each attempt has the batch's.</param>
/// <param name="store">Where larger bodies go.</param>
/// <param name="secrets">Finds the values of secret headers.</param>
/// <param name="random">Random numbers from 0 up to 1, for the waits between attempts.</param>
/// <param name="rules">Finds the rules to follow; null if there are only a batch's own options.</param>
/// <param name="slots">Where the slots of batches with a rate are taken; null if this process alone sends them.</param>
/// <param name="limit">How long an activity may run; null for no limit.</param>
/// <param name="shortage">Tracks local shortages; null to wait for their end without reporting them.</param>
/// <param name="telemetry">Records attempts and waits.</param>
public sealed class ItemSender(
    HttpClient client,
    IBatchStore store,
    SecretLookup secrets,
    TimeProvider time,
    Func<double> random,
    SendRulesLookup? rules = null,
    ISlotLedger? slots = null,
    ActivityLimit? limit = null,
    LocalShortage? shortage = null,
    BatchTelemetry? telemetry = null)
{
    const int MaxContentTypeLength = 256;

    readonly HopSender hops = new(client, new ItemRequest(secrets));
    readonly TargetPaces paces = new(time, random, telemetry);
    readonly SlotQueues queues = new(slots ?? new MemorySlotLedger(time), time);
    readonly LocalShortage shortage = shortage ?? new LocalShortage(time);

    /// <summary>
    /// Sends one item, again if its batch's options say so, until the outcome is final, the next wait is long, or the host's time limit for
    /// the activity leaves no room for another attempt.
    /// </summary>
    /// <param name="earlier">The attempts made in earlier activities, or none.</param>
    /// <returns>The outcome of the last attempt, and how long to wait if it is not final.</returns>
    /// <exception cref="IOException">The batch's store failed.</exception>
    public async Task<SendResult> SendAsync(BatchManifest manifest, int shard, long index, BatchItem item, IReadOnlyList<Attempt> earlier)
    {
        if (FindSecretError(manifest.Target) is { } message)
        {
            return SendResult.Failed(index, earlier, ItemError.Of(ItemErrorCode.TargetRefused, message));
        }

        var timeout = TimeSpan.FromSeconds(manifest.Options.TimeoutSeconds);
        timeout = limit?.LongestAttempt < timeout ? limit.LongestAttempt : timeout;
        var latest = limit is null ? TimeSpan.MaxValue : time.GetSteadyTime() + limit.TimeBefore(timeout);
        var attempts = new List<Attempt>(earlier);
        var pace = paces.Of(manifest.Target.Url);
        var queue = queues.Enter(manifest);
        try
        {
            var turn = new SendTurn(
                pace,
                () => rules?.Invoke(manifest) ?? new(new SendRules(manifest.Options.RatePerSecond, Stop: null, IsPaused: false)),
                queue,
                queues.Punctuality,
                time,
                latest);
            var single = new ItemAttempt(
                manifest,
                shard,
                index,
                item,
                attempts,
                turn,
                timeout,
                limit is null ? null : latest + (limit.Margin / 4));
            SendResult? last = null;
            while (true)
            {
                long waitsSince = time.GetTimestamp();
                var permit = await turn.WaitAsync();
                telemetry?.Waited(WaitReason.Turn, time.GetElapsedTime(waitsSince));
                var result = permit switch
                {
                    { Stop: { } stop } => SendResult.Stopped(last?.Outcome ?? stop.OutcomeOf(index, attempts), stop),
                    { Wait: { } wait } =>
                        (last ?? SendResult.Failed(index, attempts)) with { RetryAfter = wait, IsPaused = permit.IsPaused },
                    _ when await SendOnceAsync(single, pace, permit) is { } sent => last = sent,
                    _ => (last ?? SendResult.Failed(index, attempts)) with { RetryAfter = LocalShortage.WaitAfter(random()) },
                };
                TellWait(result, permit, last);
                if (result.RetryAfter is not { } pause || pause > RetryPlan.LongestHeldWait || pause > latest - time.GetSteadyTime())
                {
                    return result;
                }

                await Task.Delay(pause, time);
            }
        }
        finally
        {
            queues.Leave(queue);
        }
    }

    void TellWait(SendResult result, TargetPermit permit, SendResult? last)
    {
        if (telemetry is not null && result.RetryAfter is { } wait)
        {
            var reason = result.IsPaused ? WaitReason.Pause
                : permit.Wait is not null ? WaitReason.Turn
                : ReferenceEquals(result, last) ? WaitReason.Retry
                : WaitReason.Shortage;
            telemetry.Waited(reason, wait);
        }
    }

    // Null if nothing was sent because this machine was short of something.
    async Task<SendResult?> SendOnceAsync(ItemAttempt single, TargetPace pace, TargetPermit permit)
    {
        long started = time.GetTimestamp();
        telemetry?.AttemptStarted();
        SendResult? result = null;
        TimeSpan? asked = null;
        bool isShort = false;
        try
        {
            (result, asked) = await AttemptAsync(single);
            isShort = result is null;
            return result;
        }
        finally
        {
            if (isShort)
            {
                telemetry?.AttemptGivenUp();
                pace.GiveBackForLess(permit);
            }
            else
            {
                var took = time.GetElapsedTime(started);
                telemetry?.AttemptEnded(result?.Outcome, took);
                pace.Leave(permit, took, result?.Outcome.HttpStatus, asked);
            }
        }
    }

    async Task<(SendResult? Result, TimeSpan? Asked)> AttemptAsync(ItemAttempt single)
    {
        var (manifest, shard, index, item, attempts, turn, timeout, heldUntil) = single;
        using var trace = AttemptTrace.Start(manifest, index, attempts.Count + 1);
        var at = time.GetUtcNow();
        TimeSpan? asked = null;
        using var deadline = new AttemptDeadline(timeout, heldUntil, time);
        var outcome = new ItemOutcome { Index = index, Status = OutcomeStatus.Failed, Attempts = attempts.Count + 1 };
        try
        {
            var (answer, exchange, redirectError) = await hops.SendAsync(
                manifest,
                index,
                item,
                () => deadline.HoldAsync(turn.WaitForNextRequestAsync),
                deadline.Token);
            using var response = answer;
            shortage.Pass();
            asked = RetryAfterHeader.Read(response, time.GetUtcNow());
            outcome = outcome with { HttpStatus = (int)response.StatusCode, ContentType = ContentTypeOf(response) };

            await using var body = await ResponseBody.OpenAsync(response, exchange, deadline.Token);
            var reader = new BodyReader(store, manifest.Id, shard, manifest.Options.MaxBodyBytes);
            var read = await reader.ReadAsync(body.Stream, deadline.Token);
            var error = FindError(response, redirectError, read, manifest.Options, deadline.Token);
            outcome = outcome with
            {
                Body = read.Body,
                ContentEncoding = body.Encoding,
                Error = error,
                Status = error is null ? OutcomeStatus.Succeeded : OutcomeStatus.Failed,
            };
        }
        catch (Exception exception) when (ItemFailure.IsFromTarget(exception))
        {
            if (shortage.IsReasonOf(exception, new Uri(manifest.Target.Url)))
            {
                return (null, null);
            }

            outcome = outcome with { Error = ItemFailure.Of(exception, timeout, bodyBytes: null, deadline.Token) };
        }

        outcome = outcome with { DurationMs = Math.Round(deadline.Used.TotalMilliseconds, 3) };
        AttemptTrace.Record(trace, outcome);
        attempts.Add(new Attempt(at, outcome.DurationMs, outcome.HttpStatus, outcome.Error?.Code));
        bool isFinal = attempts.Count >= manifest.Options.Retry.MaxAttempts || !RetryPlan.IsPassing(outcome, manifest.Options.Retry);
        if (attempts.Count > 1 || !isFinal)
        {
            outcome = outcome with { AttemptHistory = [.. attempts] };
        }

        return (
            new SendResult(outcome, isFinal ? null : RetryPlan.WaitAfter(manifest.Options.Retry, attempts.Count, asked, random())),
            asked);
    }

    string? FindSecretError(BatchTarget target)
    {
        var url = new Uri(target.Url);
        foreach (var (name, header) in target.Headers)
        {
            if (header.Secret is not { } secret)
            {
                continue;
            }

            if (secrets(secret, url) is not { } value)
            {
                return $"The process that sends has no secret '{secret}', which a header names, that may go to the target.";
            }

            if (BatchTarget.FindHeaderError(name, value) is { } error)
            {
                return $"The secret '{secret}' cannot be sent. {error}";
            }
        }

        return null;
    }

    // If the status is not 2xx, it decides what is done next, whatever happened to the body.
    static ItemError? FindError(
        HttpResponseMessage response, string? redirectError, BodyRead read, BatchOptions options, CancellationToken deadline)
    {
        var ofBody = read.IsTooLarge
            ? ItemError.Of(
                ItemErrorCode.BodyTooLarge,
                $"The body is larger than maxBodyBytes, {options.MaxBodyBytes} bytes; its start is kept.")
            : read.Failure is { } failure
                ? ItemFailure.Of(failure, TimeSpan.FromSeconds(options.TimeoutSeconds), read.Body.Bytes, deadline)
                : null;
        int status = (int)response.StatusCode;
        return status is >= 200 and < 300
            ? ofBody
            : ItemError.Of(
                redirectError is null ? ItemErrorCode.HttpStatus : ItemErrorCode.Redirect,
                string.Join(
                    ' ',
                    redirectError ?? $"The target answered {status} {ReasonPhrase.Of(response)}".TrimEnd() + ".",
                    ofBody?.Message).TrimEnd());
    }

    static string? ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? Cut(values.ToString()) : null;

    static string Cut(string value) => value.Length <= MaxContentTypeLength ? value : value[..MaxContentTypeLength];
}
