using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Rollcall.Batches;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Telemetry;

/// <summary>
/// The telemetry of a process: the meter's instruments and the source of the spans. If nobody listens, it costs next to nothing. No
/// instrument has the batch's id as a tag, because each batch would be a new time series. Spans have the ids.
/// </summary>
/// <remarks>
/// Names and units follow OpenTelemetry's conventions (https://opentelemetry.io/docs/specs/semconv/general/naming/). Orchestrators are
/// replayed for each event, so they record nothing: activities and the sender do.
/// </remarks>
public sealed class BatchTelemetry : IDisposable
{
    /// <summary>The name of the meter, and of the source of the spans.</summary>
    public const string Name = "Rollcall";

    // From OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/
    const string ErrorType = "error.type";
    const string OtherError = "_OTHER";
    const string HttpStatus = "http.response.status_code";
    const string BatchStatusTag = "rollcall.batch.status";

    // The result of the last pass over the open batches is reported until the next one is long due: another process may make that one.
    static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(6);

    static readonly BatchState[] OpenStates = [BatchState.Scheduled, BatchState.Running, BatchState.Paused, BatchState.Stopping];

    // In seconds: the buckets of http.client.request.duration, and longer ones that a batch's time limit allows.
    static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    };

    readonly Meter meter = new(Name, ProductVersion.Number);
    readonly TimeProvider time;
    readonly Counter<long> items;
    readonly Counter<long> attempts;
    readonly Histogram<double> attemptDuration;
    readonly Counter<long> refusals;
    readonly Histogram<double> waitDuration;
    readonly Counter<long> endedBatches;
    readonly Histogram<double> sealDuration;
    readonly Counter<long> intake;
    volatile OpenBatches? open;
    volatile Func<IEnumerable<(Uri Origin, double Limit)>>? limits;
    long active;

    /// <summary>Makes the instruments.</summary>
    public BatchTelemetry(TimeProvider time)
    {
        this.time = time;
        items = meter.CreateCounter<long>("rollcall.items", "{item}", "Items whose outcome was recorded.");
        attempts = meter.CreateCounter<long>("rollcall.attempts", "{attempt}", "Attempts that ended.");
        attemptDuration = meter.CreateHistogram(
            "rollcall.attempt.duration", "s", "Time from the start of an attempt to the end of its response's body.", tags: null, Seconds);
        meter.CreateObservableUpDownCounter(
            "rollcall.requests.active",
            () => Interlocked.Read(ref active),
            "{request}",
            "Requests in flight.");
        refusals = meter.CreateCounter<long>(
            "rollcall.target.refusals",
            "{response}",
            "Responses that say that it is too much: 429, 503 and 529.");
        waitDuration = meter.CreateHistogram(
            "rollcall.wait.duration",
            "s",
            "Time that an item waited before an attempt.",
            tags: null,
            Seconds);
        meter.CreateObservableGauge(
            "rollcall.target.limit",
            ReadLimits,
            "{request}",
            "How many requests a target gets at once that has refused some.");
        meter.CreateObservableGauge("rollcall.batches.open", ReadOpen, "{batch}", "Batches that have not ended.");
        meter.CreateObservableGauge(
            "rollcall.batches.oldest.age",
            ReadOldest,
            "s",
            "Age of the oldest batch that has not ended; 0 if there is none.");
        endedBatches = meter.CreateCounter<long>("rollcall.batches.ended", "{batch}", "Batches that ended.");
        sealDuration = meter.CreateHistogram(
            "rollcall.seal.duration",
            "s",
            "Time to read a batch's results back and write its receipt.",
            tags: null,
            Seconds);
        intake = meter.CreateCounter<long>("rollcall.intake.io", "By", "Bytes of the payloads of the batches that were taken in.");
    }

    /// <summary>The meter of the instruments.</summary>
    internal Meter Meter => meter;

    /// <summary>The source of the spans.</summary>
    internal static ActivitySource Source { get; } = new(Name, ProductVersion.Number);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    /// <summary>Records that items have their outcome, durably.</summary>
    internal void ItemsRecorded(IReadOnlyList<ItemOutcome> outcomes)
    {
        if (!items.Enabled)
        {
            return;
        }

        foreach (var kind in outcomes.CountBy(outcome => (outcome.Status, outcome.Error?.Code)))
        {
            var tags = new TagList { { "rollcall.item.status", KebabCase.Of(kind.Key.Status) } };
            AddError(ref tags, kind.Key.Code);
            items.Add(kind.Value, tags);
        }
    }

    /// <summary>Records that a request is about to be sent.</summary>
    internal void AttemptStarted() => Interlocked.Increment(ref active);

    /// <summary>Records that a started attempt sent nothing after all.</summary>
    internal void AttemptGivenUp() => Interlocked.Decrement(ref active);

    /// <summary>Records that a started attempt ended.</summary>
    /// <param name="outcome">The outcome; null if it could not be stored.</param>
    /// <param name="took">How long it took, for an attempt without an outcome.</param>
    internal void AttemptEnded(ItemOutcome? outcome, TimeSpan took)
    {
        Interlocked.Decrement(ref active);
        if (!attempts.Enabled && !attemptDuration.Enabled && !refusals.Enabled)
        {
            return;
        }

        var tags = new TagList();
        if (outcome?.HttpStatus is { } status)
        {
            tags.Add(HttpStatus, status);
            if (ItemOutcome.IsRefusal(status))
            {
                refusals.Add(1, new KeyValuePair<string, object?>(HttpStatus, status));
            }
        }

        if (outcome is null)
        {
            tags.Add(ErrorType, OtherError);
        }

        AddError(ref tags, outcome?.Error?.Code);
        attempts.Add(1, tags);
        attemptDuration.Record(outcome?.DurationMs / 1000 ?? took.TotalSeconds, tags);
    }

    /// <summary>Records that an item waited, or is about to wait, before an attempt.</summary>
    internal void Waited(WaitReason reason, TimeSpan wait)
    {
        if (waitDuration.Enabled)
        {
            waitDuration.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("rollcall.wait.reason", KebabCase.Of(reason)));
        }
    }

    /// <summary>Sets what reads the limits of the targets that have refused requests.</summary>
    internal void WatchLimits(Func<IEnumerable<(Uri Origin, double Limit)>> read) => limits = read;

    /// <summary>Records the result of a complete pass over the open batches.</summary>
    internal void OpenBatchesSeen(OpenBatches seen) => open = seen;

    /// <summary>Records that a batch ended.</summary>
    internal void BatchEnded(EndKind kind) => endedBatches.Add(1, new KeyValuePair<string, object?>(BatchStatusTag, KebabCase.Of(kind)));

    /// <summary>Records that a batch was sealed.</summary>
    /// <param name="receipt">Its receipt, which is stored.</param>
    /// <param name="took">How long the sealing took.</param>
    internal void BatchSealed(Receipt receipt, TimeSpan took)
    {
        sealDuration.Record(took.TotalSeconds);
        BatchEnded(BatchEnd.KindOf(receipt.Stop));
    }

    /// <summary>Records that a batch was accepted.</summary>
    internal void BatchTaken(long payloadBytes) => intake.Add(payloadBytes);

    static void AddError(ref TagList tags, ItemErrorCode? code)
    {
        if (code is { } known)
        {
            tags.Add(ErrorType, KebabCase.Of(known));
        }
    }

    IEnumerable<Measurement<double>> ReadLimits() => (limits?.Invoke() ?? []).Select(target => new Measurement<double>(
        target.Limit,
        new("server.address", target.Origin.IdnHost),
        new("server.port", target.Origin.Port.ToString(CultureInfo.InvariantCulture))));

    IEnumerable<Measurement<long>> ReadOpen() => FindPass() is not { } seen
        ? []
        : OpenStates.Select(
            state => new Measurement<long>(seen.CountOf(state), new KeyValuePair<string, object?>(BatchStatusTag, KebabCase.Of(state))));

    IEnumerable<Measurement<double>> ReadOldest() => FindPass() is not { } seen
        ? []
        : [new Measurement<double>((time.GetUtcNow() - seen.OldestAt)?.TotalSeconds ?? 0)];

    OpenBatches? FindPass() => open is { } seen && time.GetUtcNow() - seen.At < PassLimit ? seen : null;
}

/// <summary>Why an item waits before an attempt.</summary>
enum WaitReason
{
    /// <summary>For its turn: the batch's rate, or what its target accepts at once.</summary>
    Turn,

    /// <summary>Between two attempts.</summary>
    Retry,

    /// <summary>For the end of its batch's pause.</summary>
    Pause,

    /// <summary>For something that a request needs and this machine is short of, such as a free port.</summary>
    Shortage,
}
