using Rollcall.Batches;
using Rollcall.Storage;

namespace Rollcall.Sending;

/// <summary>
/// The slots of batches that several processes send. Each takes those after the last one that is taken, and notes it. Between processes a
/// moment is one of the wall clock, so their clocks must agree; within one it is of the steady clock, and a clock that is set does nothing.
/// </summary>
/// <param name="marks">Where it is noted.</param>
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
            // A slot is of use once it is written that it is taken.
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

        // Nobody takes slots that are further away: the clock was set back since, and the last one may have been used just now.
        return new Mark(last > request.Latest + TakenAtOnce + request.Spacing ? now : last, tag, IsShared: before is not null);
    }

    // Up at once, and down slowly: a slot that is not yet written to be taken when it begins is lost.
    void NoteWrite(TimeSpan took)
    {
        long known = Interlocked.Read(ref writeTicks);
        Interlocked.Exchange(ref writeTicks, took.Ticks > known ? took.Ticks : known - ((known - took.Ticks) / 8));
    }

    static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <param name="Last">When the last slot that is taken begins, on the steady clock; null where none is.</param>
    /// <param name="Tag">The tag of the version that says so; null for none.</param>
    /// <param name="IsShared">Whether another process takes slots too.</param>
    sealed record Mark(TimeSpan? Last, string? Tag, bool IsShared);
}
