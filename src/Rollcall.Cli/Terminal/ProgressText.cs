using System.Globalization;
using Rollcall.Batches;
using Rollcall.Cli.Running;

namespace Rollcall.Cli.Terminal;

/// <summary>Says a run's progress and its end in words.</summary>
static class ProgressText
{
    /// <summary>Such as <c>1,200 of 30,000 · 3,450/s · 12 failed (http-status 10, timeout 2) · 0:08 left</c>.</summary>
    public static string Of(ProgressSample sample)
    {
        var parts = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{sample.Counts.Total():N0} of {sample.Total:N0}"),
            string.Create(CultureInfo.InvariantCulture, $"{sample.PerSecond:N0}/s"),
        };
        if (sample.Counts.ByErrorCode.Count > 0)
        {
            string codes = string.Join(", ", sample.Counts.ByErrorCode.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value:N0}")));
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{sample.Counts.Failed:N0} failed ({codes})"));
        }

        if (sample.TimeLeft is { } left && sample.Counts.Total() < sample.Total)
        {
            parts.Add(left.TotalHours >= 1
                ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left.Minutes:D2}:{left.Seconds:D2} left")
                : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:D2} left"));
        }

        return string.Join(" · ", parts);
    }

    /// <summary>The receipt in one line, such as <c>30000 in, 30000 out, 30000 succeeded, sha256 …</c>.</summary>
    public static string Of(Receipt receipt)
    {
        var counts = receipt.Counts;
        var parts = new List<string> { $"{receipt.Items} in", $"{receipt.Outcomes} out", $"{counts.Succeeded} succeeded" };
        foreach (var (count, word) in new[] { (counts.Failed, "failed"), (counts.Cancelled, "cancelled"), (counts.Expired, "expired") })
        {
            if (count > 0)
            {
                parts.Add($"{count} {word}");
            }
        }

        parts.Add($"sha256 {receipt.Sha256}");
        return string.Join(", ", parts);
    }
}
