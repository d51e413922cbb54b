using Rollcall.Batches;

namespace Rollcall.Cli.Running;

/// <summary>Makes samples of a batch's progress, with the rate over the last seconds.</summary>
/// <param name="total">How many items there are.</param>
/// <param name="count">Takes the counts at the moment.</param>
/// <param name="time">The clock.</param>
sealed class ProgressMeter(long total, Func<OutcomeCounts> count, TimeProvider time)
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly Queue<(long At, long Done)> marks = new([(time.GetTimestamp(), count().Total())]);

    /// <summary>Takes a sample.</summary>
    public ProgressSample Take()
    {
        var counts = count();
        long now = time.GetTimestamp();
        long done = counts.Total();
        while (marks.Count > 1 && time.GetElapsedTime(marks.Peek().At, now) > Window)
        {
            marks.Dequeue();
        }

        var (since, doneThen) = marks.Peek();
        double seconds = time.GetElapsedTime(since, now).TotalSeconds;
        double rate = seconds > 0 ? (done - doneThen) / seconds : 0;
        marks.Enqueue((now, done));
        return new ProgressSample(total, counts, rate, rate > 0 ? TimeSpan.FromSeconds((total - done) / rate) : null);
    }
}
