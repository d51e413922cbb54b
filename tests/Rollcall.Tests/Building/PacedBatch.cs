using Rollcall.Batches;
using Rollcall.Sending;
using Rollcall.Storage;

namespace Rollcall.Tests.Building;

/// <summary>
/// A batch with a rate, whose items take their turns in one or more processes, in virtual time, with a store that has latency. Each process
/// has the product's own parts from the batch's control to the slot; only the request is left out.
/// </summary>
sealed class PacedBatch
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly BatchManifest manifest;
    readonly TimeSpan latency;
    readonly List<Instance> instances = [];
    readonly SlotMarks? marks;
    BatchControl control;
    int next;

    /// <summary>Makes a batch.</summary>
    /// <param name="latencyMs">How long a request to the store takes.</param>
    /// <param name="isAlone">Whether only one process sends it, without a store of slots.</param>
    /// <param name="concurrency">How many items are live at once, if its orchestrators run.</param>
    public PacedBatch(
        double ratePerSecond,
        double latencyMs = 0,
        bool isAlone = false,
        int items = 1_000_000,
        int itemsPerShard = 100,
        int concurrency = 64)
    {
        manifest = TestBatch.ManifestOf(items, itemsPerShard) with
        {
            Options = new BatchOptions { RatePerSecond = ratePerSecond, Concurrency = concurrency },
            CreatedAt = DateTimeOffset.MaxValue,
        };
        control = BatchControl.Of(manifest);
        latency = TimeSpan.FromMilliseconds(latencyMs);
        marks = isAlone ? null : new SlotMarks(latency, Time.ClockOf());
    }

    public VirtualTime Time { get; } = new();

    /// <summary>The batch as it was started.</summary>
    public BatchManifest Manifest => manifest;

    /// <summary>The batch's current control.</summary>
    public BatchControl Control => control;

    /// <summary>How long a request to its store takes.</summary>
    public TimeSpan Latency => latency;

    /// <summary>The number of processes started.</summary>
    public int Instances => instances.Count;

    /// <summary>When each request left, in order, since the start.</summary>
    public List<TimeSpan> Departures { get; } = [];

    /// <summary>The number of requests to the store that were needed for the items' slots.</summary>
    public int SlotRequests => marks?.Requests ?? 0;

    /// <summary>How long a response takes, including everything that an engine does until the lane's next item.</summary>
    public Func<TimeSpan> ResponseTime { get; set; } = () => TimeSpan.FromMilliseconds(5);

    /// <summary>Starts a process.</summary>
    /// <param name="offset">How far its wall clock is ahead, which may change over time.</param>
    /// <returns>The process's number.</returns>
    public int Start(Func<TimeSpan>? offset = null)
    {
        var clock = Time.ClockOf(offset);
        var store = CallHook.Wrap<IBatchStore>(
            null!,
            nameof(IBatchStore.FindControlAsync),
            _ => new ValueTask<BatchControl?>(ReadControlAsync(clock)));
        var ledger = marks is null ? (ISlotLedger)new MemorySlotLedger(clock) : new SharedSlotLedger(marks, clock);
        instances.Add(
            new Instance(clock, new BatchControls(store, clock), new TargetPace(clock, () => 0.5), new SlotQueues(ledger, clock)));
        return instances.Count - 1;
    }

    /// <summary>Changes the batch, like another process does.</summary>
    public void Change(Func<BatchControl, BatchControl> change) => control = change(control);

    /// <summary>The target's pace in a process.</summary>
    public TargetPace PaceOf(int instance) => instances[instance].Pace;

    /// <summary>Sends items in lanes that are assigned to the processes in turn.</summary>
    public Task SendAsync(int items, int lanes)
    {
        int end = next + items;
        return Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => RunLaneAsync(instances[lane % instances.Count], end)));
    }

    /// <summary>Sends items in lanes of one process.</summary>
    public Task SendAsync(int items, int lanes, int instance)
    {
        int end = next + items;
        return Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => RunLaneAsync(instances[instance], end)));
    }

    /// <summary>Sends an item in a process, like an activity does, unless the wait for its turn is long.</summary>
    public Task<TargetPermit> TrySendAsync(int instance) => TrySendAsync(instances[instance]);

    /// <summary>Ends a process like a crash: nothing that it was doing ever completes.</summary>
    public void Kill(int instance) => instances[instance].IsAlive = false;

    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time.ClockOf());

    /// <summary>Requires that no second has more requests than a rate.</summary>
    public void RequireNoMoreThan(double ratePerSecond, TimeSpan from = default, TimeSpan? to = null)
    {
        var all = Departures.Where(at => at >= from && !(at >= to)).ToList();
        for (int i = 0, first = 0; i < all.Count; i++)
        {
            while (all[i] - all[first] >= Second)
            {
                first++;
            }

            Assert.True(
                i - first + 1 <= Math.Ceiling(ratePerSecond),
                $"{i - first + 1} requests left in the second up to {all[i]}; {ratePerSecond} are allowed.");
        }
    }

    /// <summary>Requires that the rate from a given time to the last request is at least nine tenths of a given one.</summary>
    public void RequireNoLessThan(double ratePerSecond, TimeSpan from = default)
    {
        var all = Departures.Where(at => at >= from).ToList();
        double seconds = (all[^1] - from).TotalSeconds;
        // At first, a process has yet to find out how long its store takes.
        double allowed = (all.Count / (0.9 * ratePerSecond)) + (6 * latency.TotalSeconds) + 0.1;
        Assert.True(seconds <= allowed, $"{all.Count} requests took {seconds:F2} s, at {ratePerSecond} a second.");
    }

    async Task RunLaneAsync(Instance instance, int end)
    {
        while (next < end && instance.IsAlive)
        {
            next++;

            // During a pause, check from time to time.
            while (await TrySendAsync(instance) is { Wait: { } wait } permit)
            {
                await Task.Delay(permit.IsPaused ? Second : wait, Time.ClockOf());
            }
        }
    }

    async Task<TargetPermit> TrySendAsync(Instance instance)
    {
        var slots = instance.Queues.Enter(manifest);
        var turn = new SendTurn(
            instance.Pace,
            () => instance.Controls.GetRulesAsync(manifest),
            slots,
            instance.Queues.Punctuality,
            instance.Clock,
            TimeSpan.MaxValue);
        var permit = await turn.WaitAsync();
        instance.Queues.Leave(slots);
        if (permit.Wait is null && permit.Stop is null && instance.IsAlive)
        {
            Departures.Add(Time.Elapsed);
            await Task.Delay(ResponseTime(), Time.ClockOf());
            instance.Pace.Leave(permit, TimeSpan.Zero, new PaceSign(AttemptKind.Taken, Asked: null, []));
        }

        return permit;
    }

    async Task<BatchControl?> ReadControlAsync(TimeProvider clock)
    {
        await (latency > TimeSpan.Zero ? Task.Delay(latency, clock) : Task.CompletedTask);
        return control;
    }

    sealed record Instance(TimeProvider Clock, BatchControls Controls, TargetPace Pace, SlotQueues Queues)
    {
        public bool IsAlive { get; set; } = true;
    }
}
