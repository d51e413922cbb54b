using Rollcall.Api.Responses;
using Rollcall.Serialization;

namespace Rollcall.Cli.Terminal;

/// <summary>A list of batches as a table.</summary>
static class BatchTable
{
    const string Gap = "  ";

    static readonly string[] Heads = ["ID", "STATUS", "RUN", "DONE", "FAILED", "CREATED", "ERROR"];

    /// <summary>The lines of the table: the headings, and one line per batch. Empty columns are left out.</summary>
    public static IEnumerable<string> LinesOf(IReadOnlyList<BatchStatus> batches)
    {
        string[][] rows = [Heads, .. batches.Select(CellsOf)];
        int[] columns = [.. Enumerable.Range(0, Heads.Length).Where(column => rows.Skip(1).Any(row => row[column].Length > 0))];
        int[] widths = [.. columns.Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join(Gap, columns.Select((column, place) => row[column].PadRight(widths[place]))).TrimEnd());
    }

    static string[] CellsOf(BatchStatus batch) =>
    [
        PlainText.Of(batch.Id),
        KebabCase.Of(batch.Status),
        batch.Run > 1 ? $"{batch.Run}" : "",
        batch.Done is null ? "" : $"{batch.Done}/{batch.Items}",
        $"{batch.Counts?.Failed}",
        batch.CreatedAt is { } created ? StatusText.Of(created) : "",
        PlainText.Of(batch.Error ?? ""),
    ];
}
