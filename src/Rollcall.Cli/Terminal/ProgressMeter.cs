using Rollcall.Batches;

namespace Rollcall.Cli.Terminal;

/// <summary>Takes samples of a batch's progress, with the rate over the last 10 seconds.</summary>
/// <param name="total">The number of items.</param>
/// <param name="count">Takes the current counts.</param>
sealed class ProgressMeter(long total, Func<OutcomeCounts> count, TimeProvider time)
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly Queue<(long At, long Sent)> marks = new([(time.GetTimestamp(), count().Sent())]);

    /// <summary>Takes a sample.</summary>
    public ProgressSample Take()
    {
        var counts = count();
        long now = time.GetTimestamp();
        long sent = counts.Sent();
        while (marks.Count > 1 && time.GetElapsedTime(marks.Peek().At, now) > Window)
        {
            marks.Dequeue();
        }

        var (since, sentThen) = marks.Peek();
        double seconds = time.GetElapsedTime(since, now).TotalSeconds;
        double rate = seconds > 0 ? (sent - sentThen) / seconds : 0;
        marks.Enqueue((now, sent));
        return new ProgressSample(total, counts, rate, rate > 0 ? TimeSpan.FromSeconds((total - counts.Total()) / rate) : null);
    }
}
