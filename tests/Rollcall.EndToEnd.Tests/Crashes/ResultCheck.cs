using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rollcall.EndToEnd.Tests.Crashes;

/// <summary>
/// Checks a batch's results and receipt against the plan, with a JSON reader and SHA-256 and nothing of what is tested: one line for each
/// item, in input order, with the outcome and to the byte the body that is the item's own, and the receipt's counts and hashes.
/// </summary>
/// <param name="items">The items.</param>
/// <param name="log">What the target saw.</param>
sealed class ResultCheck(IReadOnlyList<PlannedItem> items, SendLog log)
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What is wrong, a sentence each.</summary>
    public IEnumerable<string> FindFaults(byte[] results, byte[] receipt)
    {
        if (results.Length == 0 || results[^1] != '\n')
        {
            return ["The results do not end with a line feed."];
        }

        var lines = SplitLines(results);
        return FindLineFaults(results, lines).Concat(FindReceiptFaults(results, lines, receipt));
    }

    static List<Range> SplitLines(byte[] results)
    {
        var lines = new List<Range>();
        for (int start = 0; start < results.Length;)
        {
            int end = Array.IndexOf(results, (byte)'\n', start) + 1;
            lines.Add(start..end);
            start = end;
        }

        return lines;
    }

    IEnumerable<string> FindLineFaults(byte[] results, List<Range> lines)
    {
        if (lines.Count != items.Count)
        {
            yield return $"There are {lines.Count} result lines for {items.Count} items.";
        }

        foreach (var (item, range) in items.Zip(lines))
        {
            if (FindLineFault(item, results.AsMemory(range)) is { } fault)
            {
                yield return fault;
            }
        }
    }

    string? FindLineFault(PlannedItem item, ReadOnlyMemory<byte> text)
    {
        using var document = JsonDocument.Parse(text, Strict);
        var line = document.RootElement;
        int index = line.GetProperty("index").GetInt32();
        if (index != item.Number)
        {
            return $"Line {item.Number + 1} has the outcome of item {index}, not of item {item.Number}.";
        }

        var expected = item.Expect();
        string status = line.GetProperty("status").GetString()!;
        string? error = line.TryGetProperty("error", out var e) ? e.GetProperty("code").GetString() : null;
        int? httpStatus = line.TryGetProperty("httpStatus", out var h) ? h.GetInt32() : null;
        if (status != (expected.ErrorCode is null ? "succeeded" : "failed")
            || error != expected.ErrorCode
            || httpStatus != expected.HttpStatus)
        {
            return $"Item {item.Number} must be {expected.ErrorCode ?? "succeeded"} with {expected.HttpStatus}: its line says "
                + $"{Head(text.Span)}";
        }

        byte[] body = line.TryGetProperty("body", out var plain)
            ? Encoding.UTF8.GetBytes(plain.GetString()!)
            : line.GetProperty("bodyBase64").GetBytesFromBase64();
        if (!body.AsSpan().SequenceEqual(expected.Body))
        {
            return $"Item {item.Number} has {body.Length} bytes that are not its own {expected.Body.Length}: {Head(text.Span)}";
        }

        if (line.GetProperty("bytes").GetInt64() != body.Length || !line.GetProperty("sha256").ValueEquals(Hash(body)))
        {
            return $"Item {item.Number} has a whole body, but not that body's length and SHA-256: {Head(text.Span)}";
        }

        int attempts = line.GetProperty("attempts").GetInt32();
        int sent = log.Requests[item.Number].Count;
        return attempts < 1 || attempts > item.MostRequests || attempts > sent
            ? $"Item {item.Number} says that it was sent {attempts} times, and the target saw it {sent} times."
            : null;
    }

    List<string> FindReceiptFaults(byte[] results, List<Range> lines, byte[] receipt)
    {
        using var document = JsonDocument.Parse(receipt, Strict);
        var root = document.RootElement;
        var expected = items.Select(item => item.Expect()).ToList();
        int succeeded = expected.Count(outcome => outcome.ErrorCode is null);
        var counts = root.GetProperty("counts");
        (string What, long Is, long MustBe)[] numbers =
        [
            ("items", root.GetProperty("items").GetInt64(), items.Count),
            ("outcomes", root.GetProperty("outcomes").GetInt64(), items.Count),
            ("succeeded", counts.GetProperty("succeeded").GetInt64(), succeeded),
            ("failed", counts.GetProperty("failed").GetInt64(), items.Count - succeeded),
            ("cancelled", counts.GetProperty("cancelled").GetInt64(), 0),
            ("expired", counts.GetProperty("expired").GetInt64(), 0),
        ];
        var faults = numbers.Where(number => number.Is != number.MustBe)
            .Select(number => $"The receipt says {number.What} {number.Is}, which must be {number.MustBe}.").ToList();
        if (!SameCounts(counts.GetProperty("byErrorCode"), expected.Select(outcome => outcome.ErrorCode))
            || !SameCounts(
                counts.GetProperty("byHttpStatus"),
                expected.Select(outcome => outcome.HttpStatus.ToString(CultureInfo.InvariantCulture))))
        {
            faults.Add($"The receipt's counts by error code and status are not those of the plan: {counts}");
        }

        if (!root.GetProperty("sha256").ValueEquals(Hash(results)))
        {
            faults.Add("The receipt's SHA-256 is not that of the results.");
        }

        int next = 0;
        foreach (var shard in root.GetProperty("shards").EnumerateArray())
        {
            int first = shard.GetProperty("firstIndex").GetInt32();
            int end = first + shard.GetProperty("items").GetInt32();
            bool isTrue = first == next && end <= lines.Count
                && shard.GetProperty("sha256").ValueEquals(Hash(results.AsSpan(lines[first].Start.Value..lines[end - 1].End.Value)));
            if (!isTrue)
            {
                faults.Add($"The receipt's shard {shard} is not that of the lines from {next + 1} on.");
                break;
            }

            next = end;
        }

        if (next != items.Count)
        {
            faults.Add($"The receipt's shards have {next} items of {items.Count}.");
        }

        return faults;
    }

    static bool SameCounts(JsonElement counts, IEnumerable<string?> expected)
    {
        var must = expected.OfType<string>().CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        return counts.EnumerateObject().Count() == must.Count
            && counts.EnumerateObject().All(count => must.GetValueOrDefault(count.Name) == count.Value.GetInt32());
    }

    static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static string Head(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, 400)]);
}
