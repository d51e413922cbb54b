using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;
using Rollcall.Serialization;
using Rollcall.Telemetry;

namespace Rollcall.Sending;

/// <summary>
/// The span of an attempt. The HTTP client sends <c>traceparent</c> (W3C Trace Context) only if there is a current span, and starts a child
/// span for each request. So there is always a current span here, even if nobody listens.
/// </summary>
static class AttemptTrace
{
    const string Name = "rollcall.attempt";

    /// <summary>Starts the span and makes it the current one.</summary>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <returns>The span, to be disposed at the attempt's end.</returns>
    public static Activity Start(Posting posting, int attempt)
    {
        var parent = Activity.Current is null ? ContextOf(posting.Key) : default;
        var activity = BatchTelemetry.Source.StartActivity(Name, ActivityKind.Internal, parent) ?? StartUnheard(parent);
        if (activity.IsAllDataRequested)
        {
            activity.SetTag("rollcall.batch.id", posting.Batch.Id)
                .SetTag("rollcall.item.index", posting.Index)
                .SetTag("rollcall.attempt", attempt);
        }

        return activity;
    }

    /// <summary>Records in the span how the attempt ended.</summary>
    public static void Record(Activity activity, ItemOutcome outcome)
    {
        if (outcome.Error is { } error && activity.IsAllDataRequested)
        {
            activity.SetTag("error.type", KebabCase.Of(error.Code)).SetStatus(ActivityStatusCode.Error, error.Message);
        }
    }

    static Activity StartUnheard(ActivityContext parent)
    {
        var activity = new Activity(Name) { IsAllDataRequested = false };
        if (parent != default)
        {
            activity.SetParentId(parent.TraceId, parent.SpanId);
        }

        return activity.Start();
    }

    /// <summary>
    /// If the host has no span, all attempts of an item share one trace, including those after a durable wait or in another process. All
    /// that such attempts have in common is the item's name, so the trace is derived from it.
    /// </summary>
    static ActivityContext ContextOf(string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Span<byte> span = stackalloc byte[8];

        // A span id of all zeros is invalid.
        BinaryPrimitives.WriteUInt64BigEndian(span, BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(16)) | 1);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)),
            ActivitySpanId.CreateFromBytes(span),
            ActivityTraceFlags.None);
    }
}
