using System.Text.Json;

namespace Rollcall.Cli.Terminal;

/// <summary>One JSON object per second and line, for programs.</summary>
/// <param name="writer">Where the objects go.</param>
sealed class JsonView(TextWriter writer, TimeProvider time) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public Task ShowAsync(Func<ProgressSample> sample, Task work) =>
        Ticker.RunAsync(Interval, work, time, () =>
        {
            var now = sample();
            var progress = new ProgressEvent(
                now.Total,
                now.Counts.Total(),
                now.Counts.Succeeded,
                now.Counts.Failed,
                now.Counts.ByErrorCode,
                Math.Round(now.PerSecond ?? 0, 1),
                now.TimeLeft is { } left ? Math.Round(left.TotalSeconds, 1) : null);
            try
            {
                writer.WriteLine(JsonSerializer.Serialize(progress, TerminalJson.Default.ProgressEvent));
            }
            catch (IOException)
            {
                // Progress that cannot be shown does not end the work. If the last line, which counts, cannot be written, that is
                // reported.
            }
        });

    public void Note(string text) => StandardError.WriteLine(text);
}
