using System.Globalization;

namespace Rollcall.Benchmarks;

/// <summary>Medians and ratios, as rows of a Markdown table.</summary>
static class Figures
{
    const double Megabyte = 1024 * 1024;

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Seconds(IEnumerable<Measured> runs) => Spread(runs.Select(run => run.Seconds), "F2", " s");

    public static string Processor(int items, IEnumerable<Measured> runs) =>
        Spread(runs.Select(run => run.ProcessorSeconds / items * 1e6), "F0", "");

    public static string PerSecond(int items, IEnumerable<Measured> runs) => Spread(runs.Select(run => items / run.Seconds), "N0", "/s");

    public static string Peak(IEnumerable<Measured> runs) => Spread(runs.Select(run => run.PeakBytes / Megabyte), "N0", " MB");

    public static string Ratios(IEnumerable<double> ratios, string format = "F2") => Spread(ratios, format, "");

    public static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    public static void Header(params string[] cells)
    {
        Row(cells);
        Row([.. cells.Select(_ => "---")]);
    }

    static string Spread(IEnumerable<double> values, string format, string unit)
    {
        double[] all = [.. values];
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(Median(all))}{unit} ({Text(all.Min())} to {Text(all.Max())})";
    }
}
