using Rollcall.Cli.Running;
using Spectre.Console;

namespace Rollcall.Cli.Terminal;

/// <summary>A live progress bar, for a terminal.</summary>
/// <param name="console">The terminal.</param>
/// <param name="time">The clock.</param>
sealed class BarView(IAnsiConsole console, TimeProvider time) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public Task ShowAsync(ProgressMeter meter, Task work) =>
        console.Progress()
            .AutoClear(false)
            .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var first = meter.Take();
                var bar = context.AddTask(ProgressText.Of(first), maxValue: first.Total);
                await Ticker.RunAsync(Interval, work, time, () =>
                {
                    var sample = meter.Take();
                    bar.Value = sample.Counts.Total();
                    bar.Description = Markup.Escape(ProgressText.Of(sample));
                });
            });

    // By the same console, which draws the bar again below the line.
    public void Note(string text) => console.WriteLine(text);
}
