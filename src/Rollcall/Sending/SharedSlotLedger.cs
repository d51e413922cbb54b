using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Sending;

/// <summary>
/// The slots of batches that several processes send. Each process takes slots after the last taken one, and records that. Between
/// processes, times are on the wall clock, so their clocks must agree. Within a process they are on the steady clock, so setting the clock
/// has no effect.
/// </summary>
/// <param name="marks">Where taken slots are recorded.</param>
public sealed class SharedSlotLedger(ISlotMarks marks, TimeProvider time) : ISlotLedger
{
    // What this process wrote last. Where that is still there, it says when that was, whatever the wall clock did since.
    readonly RecentEntries<(string Id, DateTimeOffset CreatedAt), Mark> written = new();
    long writeTicks;

    /// <inheritdoc/>
    public TimeSpan TakenAtOnce => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<SlotResponse> TakeAsync(BatchManifest manifest, SlotRequest request)
    {
        var key = (manifest.Id, manifest.CreatedAt);

        // Where another process was in between the last time, it is so again.
        var before = written.Find(key);
        var known = before is null || before.IsShared ? await ReadAsync(manifest.Id, request, before) : before;
        while (true)
        {
            // A slot can be used only after it was recorded as taken.
            var began = time.GetSteadyTime();
            var first = Later(request.Earliest, began + TimeSpan.FromTicks(Interlocked.Read(ref writeTicks)));
            first = known.Last is { } last ? Later(first, last + request.Spacing) : first;
            if (first > request.Latest)
            {
                return new SlotResponse(first, IsTaken: false);
            }

            var newLast = first + ((request.Count - 1) * request.Spacing);
            string? tag = await marks.ReplaceAsync(
                manifest.Id,
                new SlotMark(time.GetUtcNow() + (newLast - time.GetSteadyTime())),
                known.Tag);
            NoteWrite(time.GetSteadyTime() - began);
            if (tag is not null)
            {
                written.Keep(key, new Mark(newLast, tag, known.IsShared));
                return new SlotResponse(first, IsTaken: true);
            }

            known = await ReadAsync(manifest.Id, request, before);
        }
    }

    async Task<Mark> ReadAsync(string batchId, SlotRequest request, Mark? before)
    {
        var (mark, tag) = await marks.FindAsync(batchId);
        if (mark is null || tag == before?.Tag)
        {
            return new Mark(before?.Last, tag, IsShared: false);
        }

        var now = time.GetSteadyTime();
        var last = now + (mark.LastSlot - time.GetUtcNow());

        // No process takes slots that are further away: the clock was set back since, and the last slot may have been used just now.
        return new Mark(last > request.Latest + TakenAtOnce + request.Spacing ? now : last, tag, IsShared: before is not null);
    }

    // Up at once, and down slowly: a slot is lost if it begins before it was recorded as taken.
    void NoteWrite(TimeSpan took)
    {
        long known = Interlocked.Read(ref writeTicks);
        Interlocked.Exchange(ref writeTicks, took.Ticks > known ? took.Ticks : known - ((known - took.Ticks) / 8));
    }

    static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <param name="Last">When the last taken slot begins, on the steady clock; null if none is taken.</param>
    /// <param name="Tag">The tag of the stored version; null for none.</param>
    /// <param name="IsShared">Whether another process takes slots too.</param>
    sealed record Mark(TimeSpan? Last, string? Tag, bool IsShared);
}
