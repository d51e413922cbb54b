using System.Collections.Concurrent;
using System.Globalization;
using Rollcall.Sending;

namespace Rollcall.Tests.Building;

/// <summary>The marks of batches in memory, with the latency of a storage account.</summary>
/// <param name="latency">How long a request takes.</param>
sealed class SlotMarks(TimeSpan latency = default, TimeProvider? time = null) : ISlotMarks
{
    readonly ConcurrentDictionary<string, (SlotMark Mark, string Tag)> marks = new();
    int writes;

    public int Requests { get; private set; }

    public Task<(SlotMark? Mark, string? Tag)> FindAsync(string batchId) =>
        RequestAsync<(SlotMark?, string?)>(() => marks.TryGetValue(batchId, out var found) ? found : (null, null));

    public Task<string?> ReplaceAsync(string batchId, SlotMark mark, string? tag) => RequestAsync(() =>
    {
        string next = Interlocked.Increment(ref writes).ToString(CultureInfo.InvariantCulture);
        bool isReplaced = tag is null
            ? marks.TryAdd(batchId, (mark, next))
            : marks.TryGetValue(batchId, out var found) && found.Tag == tag && marks.TryUpdate(batchId, (mark, next), found);
        return isReplaced ? next : null;
    });

    // A request arrives after half of the time.
    async Task<T> RequestAsync<T>(Func<T> work)
    {
        Requests++;
        await DelayAsync();
        var result = work();
        await DelayAsync();
        return result;
    }

    Task DelayAsync() => latency > TimeSpan.Zero ? Task.Delay(latency / 2, time ?? TimeProvider.System) : Task.CompletedTask;
}
