using System.Globalization;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>Describes a run's progress and its end.</summary>
static class ProgressText
{
    /// <summary>
    /// Such as <c>1,200 of 30,000 · 3,450/s · 12 failed (http-status 10, timeout 2) · 0:08 left</c>, with whatever else is known.
    /// </summary>
    public static string Of(ProgressSample sample)
    {
        var parts = new List<string?>
        {
            sample.State,
            sample.Run > 1 ? $"run {sample.Run}" : null,
            $"{CountsText.Of(sample.Counts.Total())} of {CountsText.Of(sample.Total)}",
            OfRates(sample),
        };
        parts.AddRange(CountsText.OfOthers(sample.Counts));
        parts.Add(sample.ResponseTimes is { } times ? Of(times) : null);
        parts.Add(sample.Bytes is { } bytes ? OfBytes(bytes) : null);
        parts.Add(sample.Attempts is { } attempts ? $"{CountsText.Of(attempts)} attempts" : null);
        parts.Add(sample.TimeLeft is { } left && sample.Counts.Total() < sample.Total ? OfTimeLeft(left) : null);
        return string.Join(" · ", parts.Where(part => part is not null));
    }

    /// <summary>
    /// The receipt in one line, such as <c>30000 in, 30000 out, 30000 succeeded, sha256 …</c>, and why it ended early, if it did.
    /// </summary>
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
        string run = receipt.Run > 1 ? $" · run {receipt.Run}" : "";
        long replaced = receipt.Replaced?.SelectMany(set => set.Indexes).Distinct().LongCount() ?? 0;
        string with = replaced == 0 ? "" : $" · {CountsText.Of(replaced)} with another payload than in the input";
        string stop = receipt.Stop is { } early ? $" · ended early, {KebabCase.Of(early.Kind)}: {PlainText.Of(early.Reason)}" : "";
        string totals = string.Concat((receipt.Totals ?? []).Select(total => $" · {total.Key} {Of(total.Value, receipt.Items)}"));
        return string.Join(", ", parts) + totals + run + with + stop;
    }

    static string Of(ExtractedTotal total, long items)
    {
        string sum = total.Sum is { } known
            ? $"{known.ToString("#,0.############################", CultureInfo.InvariantCulture)} in total"
            : "has a total that is too large";
        return total.Items == items ? sum : $"{sum} of {CountsText.Of(total.Items)} items";
    }

    /// <summary>Such as <c>p50 12 ms, p90 40 ms, p99 1.2 s</c>.</summary>
    public static string Of(ResponseTimes times) =>
        $"p50 {OfMilliseconds(times.P50Ms)}, p90 {OfMilliseconds(times.P90Ms)}, p99 {OfMilliseconds(times.P99Ms)}";

    /// <summary>Such as <c>900 B</c> or <c>1.2 MB</c>, in powers of 1,000.</summary>
    public static string OfBytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double value = bytes;
        int unit = 0;
        for (; value >= 999.95 && unit < units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return $"{value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    static string? OfRates(ProgressSample sample)
    {
        string? now = sample.PerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:N0}/s") : null;
        string? mean = sample.MeanPerSecond is { } all ? string.Create(CultureInfo.InvariantCulture, $"{all:N0}/s on average") : null;
        return now is not null && mean is not null ? $"{now}, {mean}" : now ?? mean;
    }

    static string OfMilliseconds(double milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.##} s");

    static string OfTimeLeft(TimeSpan left) => left.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left.Minutes:D2}:{left.Seconds:D2} left")
        : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:D2} left");
}
