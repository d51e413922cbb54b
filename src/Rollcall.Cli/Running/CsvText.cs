using System.Text.Json;

namespace Rollcall.Cli.Running;

/// <summary>The values of a row as a CSV file has them.</summary>
static class CsvText
{
    /// <summary>The names of the columns of a row.</summary>
    /// <param name="row">The payload that was made of the row.</param>
    public static IReadOnlyList<string> NamesOf(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        return [.. json.RootElement.EnumerateObject().Select(column => column.Name)];
    }

    /// <summary>The values of a row.</summary>
    /// <param name="row">The payload that was made of the row.</param>
    public static IReadOnlyList<string> ValuesOf(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        return [.. json.RootElement.EnumerateObject().Select(column => column.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => column.Value.GetString()!,
            _ => column.Value.GetRawText(),
        })];
    }
}
