using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>A real HTTP server that carries out a plan, and writes down every request by the item that its idempotency key names.</summary>
sealed class PlannedTarget : IAsyncDisposable
{
    const int Pieces = 6;

    static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(40);

    readonly Lock gate = new();
    readonly IReadOnlyList<PlannedItem> items;
    readonly List<SentRequest>[] requests;
    readonly string?[] keys;
    readonly List<string> faults = [];
    readonly List<(int Requests, TaskCompletionSource Reached)> waiting = [];
    readonly Target target;
    int seen;
    int seenItems;

    public PlannedTarget(IReadOnlyList<PlannedItem> items)
    {
        this.items = items;
        requests = [.. items.Select(_ => new List<SentRequest>())];
        keys = new string?[items.Count];
        target = Target.Start(RespondAsync);
    }

    public string Url => target.Url;

    /// <summary>How many requests there were up to now.</summary>
    public int Seen
    {
        get
        {
            lock (gate)
            {
                return seen;
            }
        }
    }

    /// <summary>Waits until so many requests were seen in all, or every item once.</summary>
    public Task WaitForRequestsAsync(int count)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, reached));
            ReleaseWaiting();
            return reached.Task;
        }
    }

    /// <summary>Marks what is in flight, and says how much it is.</summary>
    public int NoteKill()
    {
        lock (gate)
        {
            var inFlight = requests.SelectMany(sent => sent).Where(request => request.Ended is null).ToList();
            inFlight.ForEach(request => request.WasInFlightAtAKill = true);
            return inFlight.Count;
        }
    }

    /// <summary>What was seen of each item, and what was wrong with requests.</summary>
    public SendLog ReadLog()
    {
        lock (gate)
        {
            return new SendLog([.. requests.Select(sent => (IReadOnlyList<SentRequest>)[.. sent])], [.. faults]);
        }
    }

    public ValueTask DisposeAsync() => target.DisposeAsync();

    async Task RespondAsync(ReceivedRequest request, Connection connection)
    {
        if (Note(request) is not var (item, sent))
        {
            await Responses.With(400, "This request is not of the plan.")(request, connection);
            return;
        }

        try
        {
            await BehaviourOf(item, sent.Act)(request, connection);
            sent.HasResponse = true;
        }
        finally
        {
            lock (gate)
            {
                sent.Ended = Stopwatch.GetTimestamp();
            }
        }
    }

    static Behaviour BehaviourOf(PlannedItem item, TargetAct act) => act switch
    {
        TargetAct.Response => Responses.With(200, item.Response()),
        TargetAct.RespondLate => RespondLate(item),
        TargetAct.RespondInPieces => Responses.InPieces(item.Response(), Pieces, Gap),
        TargetAct.NotFound => Responses.With(404, item.Refusal(act)),
        TargetAct.ErrorWithStatus200 => Responses.With(200, item.Refusal(act)),
        TargetAct.TooManyRequests => Responses.With(429, item.Refusal(act), "Retry-After: 0"),
        TargetAct.Unavailable => Responses.With(503, item.Refusal(act), "Retry-After: 1"),
        TargetAct.ServerError => Responses.With(500, item.Refusal(act)),
        TargetAct.CutBody => Faults.BreakOff(item.Response().AsMemory(0, item.ResponseBytes / 2), item.ResponseBytes),
        TargetAct.Reset => Faults.ResetWithoutResponse,
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "There is no such act."),
    };

    static Behaviour RespondLate(PlannedItem item) => async (request, connection) =>
    {
        await Task.Delay(TimeSpan.FromMilliseconds(200 + (item.Number % 1000)), connection.Stopping);
        await Responses.With(200, item.Response())(request, connection);
    };

    (PlannedItem Item, SentRequest Sent)? Note(ReceivedRequest request)
    {
        lock (gate)
        {
            string key = request.Headers.GetValueOrDefault("Idempotency-Key", "");
            if (!int.TryParse(key[(key.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || number >= items.Count)
            {
                faults.Add($"A request has the idempotency key '{key}', which is of no item.");
                return null;
            }

            var item = items[number];
            if (!request.Body.Span.SequenceEqual(Encoding.UTF8.GetBytes(item.Payload)))
            {
                faults.Add(
                    $"A request with the key '{key}' has the payload '{Encoding.UTF8.GetString(request.Body.Span)}', not item {number}'s.");
                return null;
            }

            if (keys[number] is { } known && known != key)
            {
                faults.Add($"Item {number} was sent with the key '{key}', and before with '{known}'.");
            }

            keys[number] = key;
            var sent = new SentRequest(Stopwatch.GetTimestamp(), item.ActOf(requests[number].Count));
            requests[number].Add(sent);
            seen++;
            seenItems += requests[number].Count == 1 ? 1 : 0;
            ReleaseWaiting();
            return (item, sent);
        }
    }

    void ReleaseWaiting()
    {
        foreach (var (_, reached) in waiting.Where(w => seen >= w.Requests || seenItems == items.Count))
        {
            reached.TrySetResult();
        }

        waiting.RemoveAll(w => w.Reached.Task.IsCompleted);
    }
}
