using Spectre.Console;

namespace Rollcall.Cli.Terminal;

/// <summary>A live progress bar, for a terminal.</summary>
sealed class BarView(IAnsiConsole console, TimeProvider time) : IProgressView
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public Task ShowAsync(Func<ProgressSample> sample, Task work) =>
        console.Progress()
            .AutoClear(false)
            .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new WrappedTextColumn())
            .StartAsync(async context =>
            {
                var first = sample();
                var bar = context.AddTask(Describe(first), maxValue: first.Total);
                await Ticker.RunAsync(Interval, work, time, () =>
                {
                    var now = sample();
                    bar.Value = now.Counts.Total();
                    bar.Description = Describe(now);
                });
            });

    // Through the same console, which redraws the bar below the line.
    public void Note(string text) => console.Write(new NoteLine(PlainText.Of(text)));

    static string Describe(ProgressSample sample) => PlainText.Of(ProgressText.Of(sample));
}
