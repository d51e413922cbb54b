using System.Text.Json;
using CsCheck;
using Rollcall.Progress;

namespace Rollcall.Tests.Progress;

public sealed class DurationHistogramTests
{
    [Fact]
    public void Percentiles_OfAnyDurations_AreThoseOfTheSortedOnesToTwoDigits()
    {
        Gen.Double[0.01, 100_000].Array[1, 300].Sample(durations =>
        {
            var histogram = new DurationHistogram();
            Array.ForEach(durations, histogram.Add);
            double[] sorted = [.. durations.Order()];
            foreach (double percent in new[] { 50d, 90, 99, 100 })
            {
                // The library rounds the rank to the nearest one.
                int rank = Math.Clamp((int)Math.Round(percent / 100 * sorted.Length), 1, sorted.Length);
                double actual = histogram.MillisecondsAt(percent)!.Value;
                Assert.InRange(
                    actual,
                    (sorted[Math.Max(0, rank - 2)] * 0.98) - 0.001,
                    (sorted[Math.Min(sorted.Length, rank + 1) - 1] * 1.02) + 0.001);
            }
        });
    }

    [Fact]
    public void Histogram_OverJsonAndAdded_HasAllDurations()
    {
        var all = new DurationHistogram();
        for (int part = 0; part < 3; part++)
        {
            var histogram = new DurationHistogram();
            for (int i = 1; i <= 100; i++)
            {
                histogram.Add((part * 100) + i);
            }

            all.Add(JsonSerializer.Deserialize<DurationHistogram>(JsonSerializer.Serialize(histogram))!);
        }

        all.Add(new DurationHistogram());
        Assert.Equal(150, all.MillisecondsAt(50)!.Value, 3d);
        Assert.Equal(300, DurationHistogram.Decode(all.Encode()).MillisecondsAt(100)!.Value, 6d);
    }

    [Fact]
    public void Histogram_OfNothing_IsNothing()
    {
        Assert.Null(new DurationHistogram().MillisecondsAt(50));
        Assert.Equal("", new DurationHistogram().Encode());
    }

    [Fact]
    public void Text_OfAMillionDurations_IsShort()
    {
        var histogram = new DurationHistogram();
        for (int i = 1; i <= 1_000_000; i++)
        {
            histogram.Add(i / 10d);
        }

        Assert.InRange(histogram.Encode().Length, 1, 8000);
    }
}
