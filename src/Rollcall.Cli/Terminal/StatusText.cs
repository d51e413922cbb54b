using System.Globalization;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>Describes a batch's status.</summary>
static class StatusText
{
    const int NameWidth = 10;

    /// <summary>A time in UTC, to the second.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>One line for each known value.</summary>
    public static IEnumerable<string> LinesOf(BatchStatus status)
    {
        var counts = status.Counts ?? new OutcomeCounts();
        var lines = new List<(string Name, string? Value)>
        {
            ("batch", status.Id),
            ("status", KebabCase.Of(status.Status)),
            ("run", status.Run > 1 ? Of(status.Run) : null),
            ("target", status.Target),
            ("done", status.Done is null ? null : $"{status.Done} of {status.Items}"),
            ("succeeded", Of(counts.Succeeded)),
            ("failed", $"{counts.Failed}{CountsText.OfCodes(counts)}"),
            ("cancelled", counts.Cancelled == 0 ? null : Of(counts.Cancelled)),
            ("expired", counts.Expired == 0 ? null : Of(counts.Expired)),
            ("attempts", Of(status.Attempts)),
            ("received", status.Bytes is { } bytes ? ProgressText.OfBytes(bytes) : null),
            ("responses", status.ResponseTimes is { } times ? ProgressText.Of(times) : null),
            ("limits", OfLimits(status)),
            ("created", status.CreatedAt is { } created ? Of(created) : null),
            ("starts", status.StartAt is { } start ? Of(start) : null),
            ("deadline", status.DeadlineAt is { } deadline ? Of(deadline) : null),
            ("ended", status.EndedAt is { } ended ? Of(ended) : null),
            ("rate", OfRates(status)),
            ("left", status.SecondsLeft is { } left ? string.Create(CultureInfo.InvariantCulture, $"{left} s at that rate") : null),
            ("error", status.Error),
        };
        return lines.Where(line => line.Value is not null).Select(line => $"{line.Name.PadRight(NameWidth)} {line.Value}");
    }

    /// <summary>A batch's status after a change, in one line.</summary>
    public static string OfChange(BatchStatus status)
    {
        string state = $"Batch '{status.Id}' is {Describe(status) ?? KebabCase.Of(status.Status)}";
        string run = status.Run > 1 ? $", run {status.Run}" : "";
        string limits = OfLimits(status) is { } known ? $", {known}" : "";
        return $"{state}{run}: {status.Done} of {status.Items} done{limits}.";
    }

    /// <summary>What is shown while a batch is watched.</summary>
    public static ProgressSample ToSample(BatchStatus status) =>
        new(
            status.Items ?? 0,
            status.Counts ?? new OutcomeCounts(),
            status.ItemsPerSecondNow,
            status.SecondsLeft is { } left ? TimeSpan.FromSeconds(left) : null)
        {
            State = Describe(status),
            Run = status.Run ?? 1,
            MeanPerSecond = status.ItemsPerSecond,
            ResponseTimes = status.ResponseTimes,
            Bytes = status.Bytes,
            Attempts = status.Attempts,
        };

    // Null if the batch is running or has ended; other texts say more then.
    static string? Describe(BatchStatus status) => status.Status switch
    {
        BatchState.Scheduled when status.StartAt is { } start => $"scheduled until {Of(start)}",
        BatchState.Pending or BatchState.Scheduled or BatchState.Paused or BatchState.Stopping => KebabCase.Of(status.Status),
        _ => null,
    };

    static string? OfLimits(BatchStatus status)
    {
        if (status.Concurrency is not { } concurrency)
        {
            return null;
        }

        string rate = status.RatePerSecond is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"at most {most} requests/s")
            : "no rate limit";
        return $"{Of(concurrency)} at once, {rate}";
    }

    static string? OfRates(BatchStatus status)
    {
        string? now = status.ItemsPerSecondNow is { } late ? string.Create(CultureInfo.InvariantCulture, $"{late}/s now") : null;
        string? mean = status.ItemsPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate}/s on average") : null;
        return now is not null && mean is not null ? $"{now}, {mean}" : now ?? mean;
    }

    static string? Of(long? count) => count?.ToString(CultureInfo.InvariantCulture);
}
