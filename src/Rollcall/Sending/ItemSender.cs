using Rollcall.Batches;
using Rollcall.Credentials;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Sending;

/// <summary>
/// Sends the request of one item, and reads the response to the last byte of its body. Whatever the target does is an outcome, never an
/// exception.
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
/// <param name="tokens">The bearer tokens; null if no batch has any.</param>
/// <param name="pause">Pauses a batch whose credentials are refused; null to record such responses as the items' outcomes.</param>
/// <param name="silence">Notices when nobody answers; null to wait as long as the items' patience lasts.</param>
/// <param name="stop">Ends the waits; null if the process ends whatever waits.</param>
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
    BatchTelemetry? telemetry = null,
    TokenCaches? tokens = null,
    BatchPause? pause = null,
    TargetSilence? silence = null,
    SendingStop? stop = null)
{
    // A list of URLs has hosts that are gone for good.
    static readonly TimeSpan PatienceWithUnknown = TimeSpan.FromSeconds(30);

    readonly TargetPaces paces = new(time, random, telemetry);
    readonly SlotQueues queues = new(slots ?? new MemorySlotLedger(time), time);
    readonly AttemptSender sender = new(
        new HopSender(client, new ItemRequest(secrets), tokens), store, shortage ?? new LocalShortage(time), time);
    readonly SecretCheck check = new(secrets, tokens);
    readonly RecentEntries<(string Id, DateTimeOffset CreatedAt), RefusalWatch> refusals = new();

    /// <summary>
    /// Sends one item, again if its batch's options say so, until the outcome is final, the next wait is long, or the host's time limit for
    /// the activity leaves no room for another attempt.
    /// </summary>
    /// <param name="earlier">The attempts made in earlier activities, or none.</param>
    /// <returns>The outcome of the last attempt, and how long to wait if it is not final.</returns>
    /// <exception cref="IOException">The batch's store failed.</exception>
    public async Task<SendResult> SendAsync(Posting posting, IReadOnlyList<Attempt> earlier)
    {
        var (manifest, index) = (posting.Batch, posting.Index);
        if (check.FindError(posting) is { } message)
        {
            return SendResult.Failed(index, earlier, ItemError.Of(ItemErrorCode.TargetRefused, message));
        }

        var timeout = TimeSpan.FromSeconds(manifest.Options.TimeoutSeconds);
        timeout = limit?.LongestAttempt < timeout ? limit.LongestAttempt : timeout;
        var latest = limit is null ? TimeSpan.MaxValue : time.GetSteadyTime() + limit.TimeBefore(timeout);
        var attempts = new AttemptLog(earlier);
        var pace = paces.Of(posting.Url);
        var stopping = stop?.Token ?? CancellationToken.None;
        var queue = queues.Enter(manifest);
        try
        {
            var turn = new SendTurn(
                pace,
                () => rules?.Invoke(manifest) ?? new(new SendRules(manifest.Options.RatePerSecond, Stop: null, IsPaused: false)),
                queue,
                queues.Punctuality,
                time,
                latest,
                stopping);
            TimeSpan? heldUntil = limit is null ? null : latest + (limit.Margin / 4);
            SendResult? last = null;
            while (true)
            {
                long waitsSince = time.GetTimestamp();
                var permit = await turn.WaitAsync();
                telemetry?.Waited(WaitReason.Turn, time.GetElapsedTime(waitsSince));
                var tried = permit is { Stop: null, Wait: null }
                    ? await TrySendAsync(new(posting, attempts.Made + 1, turn, timeout, heldUntil), pace, permit)
                    : new TriedAttempt(Sent: null, permit.Wait, permit.IsPaused);
                var result = (permit.Stop, tried.Sent) switch
                {
                    ({ } stop, _) => SendResult.Stopped(last?.Outcome ?? stop.OutcomeOf(index, attempts.All), stop),
                    (_, { } sent) => last = Continue(sent, posting, attempts, pace),
                    _ => (last ?? SendResult.Failed(index, attempts.All)) with { RetryAfter = tried.Wait, IsPaused = tried.IsPaused },
                };
                TellWait(result, permit, last);
                if (result.RetryAfter is not { } rest || rest > RetryPlan.LongestHeldWait || rest > latest - time.GetSteadyTime()
                    || !await DelayAsync(rest, stopping))
                {
                    return result;
                }
            }
        }
        finally
        {
            queues.Leave(queue);
        }
    }

    // False if the process stops.
    async Task<bool> DelayAsync(TimeSpan wait, CancellationToken stopping)
    {
        await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }

    void TellWait(SendResult result, TargetPermit permit, SendResult? last)
    {
        if (telemetry is not null && result.RetryAfter is { } wait)
        {
            var reason = result switch
            {
                { IsPaused: true } => WaitReason.Pause,
                _ when permit.Wait is not null => WaitReason.Turn,
                _ when ReferenceEquals(result, last) => WaitReason.Retry,
                _ => WaitReason.Shortage,
            };
            telemetry.Waited(reason, wait);
        }
    }

    // Nothing is sent if there is no token, or this machine cannot; and what a target says to wrong credentials says nothing of the item.
    async Task<TriedAttempt> TrySendAsync(ItemAttempt attempt, TargetPace pace, TargetPermit permit)
    {
        var manifest = attempt.Posting.Batch;
        var watch = pause is not null && manifest.Options.PauseOnRefusal ? WatchOf(manifest) : null;
        watch?.Begin();
        long started = time.GetTimestamp();
        telemetry?.AttemptStarted();
        AttemptResult? sent = null;
        TokenException? lacking = null;
        bool isUnsent = false;
        bool areCredentials = false;
        try
        {
            sent = await sender.SendAsync(attempt);
            isUnsent = sent is null;
        }
        catch (TokenException exception)
        {
            (lacking, isUnsent) = (exception, true);
        }
        finally
        {
            Leave(pace, permit, sent, isUnsent, lacking is null, time.GetElapsedTime(started));
            areCredentials = watch is not null && await watch.EndAsync(StatusOf(sent));
        }

        string? silent = sent is null ? null : FindSilence(sent, attempt.Posting.Url);
        return (sent, areCredentials) switch
        {
            ({ }, _) when silent is not null => await PauseAsync(manifest, silent),
            (null, _) => await PauseAsync(manifest, lacking is { IsLasting: true } ? lacking.Message : null),
            (_, true) => await PauseAsync(
                manifest,
                $"The target refuses the credentials: its last {RefusalWatch.Most} responses were 401 or 403, the latest one "
                + $"{sent.Outcome.HttpStatus}."),
            _ => new TriedAttempt(sent, Wait: null),
        };
    }

    // The reason to stop if nobody has ever answered.
    string? FindSilence(AttemptResult sent, Uri url)
    {
        if (sent.Attempt.IsUnanswered)
        {
            return silence?.Continue(url, sent.Outcome.Error!.Message);
        }

        silence?.Break();
        return null;
    }

    // A refusal that is a success refuses nothing.
    static int? StatusOf(AttemptResult? sent) =>
        sent?.Outcome is { Status: OutcomeStatus.Succeeded } ? 200 : sent?.Outcome.HttpStatus;

    void Leave(TargetPace pace, TargetPermit permit, AttemptResult? sent, bool isUnsent, bool isShort, TimeSpan took)
    {
        if (!isUnsent)
        {
            telemetry?.AttemptEnded(sent?.Outcome, took);
            pace.Leave(permit, took, sent?.Sign ?? new PaceSign(Kind: null, Asked: null, []));
            return;
        }

        telemetry?.AttemptGivenUp();
        if (isShort)
        {
            pace.GiveBackForLess(permit);
        }
        else
        {
            pace.GiveBack();
        }
    }

    // Null for what may be over in a moment.
    async Task<TriedAttempt> PauseAsync(BatchManifest manifest, string? reason)
    {
        if (reason is null || pause is null)
        {
            return new TriedAttempt(Sent: null, LocalShortage.WaitAfter(random()));
        }

        await pause(manifest, reason);
        return new TriedAttempt(Sent: null, TargetPermit.PauseWait, IsPaused: true);
    }

    RefusalWatch WatchOf(BatchManifest manifest) =>
        refusals.Find((manifest.Id, manifest.CreatedAt))
            ?? refusals.Keep((manifest.Id, manifest.CreatedAt), new RefusalWatch(time), there => there);

    SendResult Continue(AttemptResult attempt, Posting posting, AttemptLog attempts, TargetPace pace)
    {
        var (outcome, options) = (attempt.Outcome, posting.Batch.Options.Retry);
        attempts.Add(attempt.Attempt);
        var patience = TimeSpan.FromSeconds(options.MaxWaitSeconds);
        if (posting.Batch.Target.Url.Length == 0 && !pace.HasAnswered && patience > PatienceWithUnknown)
        {
            patience = PatienceWithUnknown;
        }

        bool isPassing = attempt.AsksForRetry || RetryPlan.IsPassing(outcome, options);
        var wait = isPassing ? RetryPlan.FindWait(options, attempts, patience, attempt.Asked, time.GetUtcNow(), random()) : null;
        outcome = outcome with { Attempts = attempts.Made };
        if (attempts.Made > 1 || wait is not null)
        {
            outcome = outcome with { AttemptHistory = [.. attempts.All] };
        }

        return new SendResult(outcome, wait);
    }
}
