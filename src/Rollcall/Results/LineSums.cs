using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Items;

namespace Rollcall.Results;

/// <summary>Adds up what the lines of results have.</summary>
sealed class LineSums
{
    readonly SortedDictionary<string, ExtractedTotal> totals = new(StringComparer.Ordinal);

    /// <summary>The outcomes by kind.</summary>
    public OutcomeCounts Counts { get; } = new();

    /// <summary>The totals of the numbers that were extracted, by name; null if none were.</summary>
    public SortedDictionary<string, ExtractedTotal>? Totals => totals.Count == 0 ? null : totals;

    /// <summary>Adds a line. The order of lines counts: it decides when a sum is too large.</summary>
    public void Add(ResultLine line)
    {
        Counts.Add(line.Status, line.HttpStatus, line.ErrorCode);
        foreach (var (name, value) in line.Extracted ?? new Dictionary<string, JsonElement>())
        {
            if (value.ValueKind == JsonValueKind.Number)
            {
                totals[name] = totals.GetValueOrDefault(name, new ExtractedTotal(0, 0)).With(value);
            }
        }
    }
}
