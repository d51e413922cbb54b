using System.Globalization;
using Rollcall.Api;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>Says how a batch is in words.</summary>
static class StatusText
{
    const int NameWidth = 10;

    /// <summary>A time as the texts have it: UTC, to the second.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A line for each thing that is known.</summary>
    public static string Of(BatchStatus status)
    {
        var counts = status.Counts ?? new OutcomeCounts();
        var lines = new List<(string Name, string? Value)>
        {
            ("batch", status.Id),
            ("status", KebabCase.Of(status.Status)),
            ("target", status.Target),
            ("done", $"{status.Done} of {status.Items}"),
            ("succeeded", Of(counts.Succeeded)),
            ("failed", counts.Failed == 0 ? "0" : $"{counts.Failed} ({string.Join(", ", counts.ByErrorCode.Select(code => $"{code.Key} {code.Value}"))})"),
            ("cancelled", counts.Cancelled == 0 ? null : Of(counts.Cancelled)),
            ("expired", counts.Expired == 0 ? null : Of(counts.Expired)),
            ("created", Of(status.CreatedAt)),
            ("ended", status.EndedAt is { } ended ? Of(ended) : null),
            ("rate", status.ItemsPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate}/s on the mean") : null),
            ("left", status.SecondsLeft is { } left ? string.Create(CultureInfo.InvariantCulture, $"{left} s at that rate") : null),
            ("error", status.Error),
        };
        return string.Join('\n', lines.Where(line => line.Value is not null).Select(line => $"{line.Name.PadRight(NameWidth)} {PlainText.Of(line.Value!)}"));
    }

    static string Of(long count) => count.ToString(CultureInfo.InvariantCulture);
}
