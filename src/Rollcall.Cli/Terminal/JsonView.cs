using System.Text.Json;
using Rollcall.Cli.Running;

namespace Rollcall.Cli.Terminal;

/// <summary>A JSON object every second, one a line, for programs.</summary>
/// <param name="writer">Where the objects go.</param>
/// <param name="time">The clock.</param>
sealed class JsonView(TextWriter writer, TimeProvider time) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public Task ShowAsync(ProgressMeter meter, Task work) =>
        Ticker.RunAsync(Interval, work, time, () =>
        {
            var sample = meter.Take();
            var progress = new ProgressEvent(
                sample.Total,
                sample.Counts.Total(),
                sample.Counts.Succeeded,
                sample.Counts.Failed,
                sample.Counts.ByErrorCode,
                Math.Round(sample.PerSecond, 1),
                sample.TimeLeft is { } left ? Math.Round(left.TotalSeconds, 1) : null);
            writer.WriteLine(JsonSerializer.Serialize(progress, CliJson.Default.ProgressEvent));
        });

    public void Note(string text) => Console.Error.WriteLine(text);
}
