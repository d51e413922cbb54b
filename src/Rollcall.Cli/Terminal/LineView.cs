namespace Rollcall.Cli.Terminal;

/// <summary>A plain line every few seconds, for logs.</summary>
/// <param name="writer">Where the lines go.</param>
sealed class LineView(TextWriter writer, TimeProvider time) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public Task ShowAsync(Func<ProgressSample> sample, Task work) =>
        Ticker.RunAsync(Interval, work, time, () => Note(ProgressText.Of(sample())));

    public void Note(string text) => writer.WriteLine(PlainText.Of(text));
}
