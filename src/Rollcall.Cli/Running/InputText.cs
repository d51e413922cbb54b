using System.Globalization;
using Rollcall.Intake;

namespace Rollcall.Cli.Running;

/// <summary>Says how an input is read, so that what was found can be seen.</summary>
static class InputText
{
    const int MaxColumns = 12;

    /// <summary>Describes an input, as <c>customers.csv: 2,000 rows, columns customer_id (number), name.</c></summary>
    /// <param name="isGiven">Whether the command names the format.</param>
    /// <returns>A sentence; null if there is nothing to say, because the input is lines or what the command says.</returns>
    public static string? Describe(string name, OpenedInput input, bool isGiven)
    {
        string unpacked = input.IsUnpacked ? ", unpacked" : "";
        if (Describe(input.Format) is { } format && (!isGiven || input.Columns.Count > 0))
        {
            string columns = input.Columns.Count == 0 ? "" : $", column{(input.Columns.Count == 1 ? "" : "s")} {List(input.Columns)}";
            return input.Rows is { } rows
                ? string.Create(CultureInfo.InvariantCulture, $"{name}: {rows:N0} row{(rows == 1 ? "" : "s")}{unpacked}{columns}.")
                : $"{name}: {format}{unpacked}{columns}.";
        }

        return input.IsUnpacked ? $"{name}: unpacked." : null;
    }

    /// <summary>Describes a format; null if it is the usual one.</summary>
    public static string? Describe(InputFormat format) => format switch
    {
        InputFormat.Lines => null,
        InputFormat.Items => "an item per line",
        InputFormat.Requests => "a request per line",
        InputFormat.Json => "the elements of a JSON array",
        InputFormat.Csv => "comma-separated values",
        InputFormat.Tsv => "tab-separated values",
        _ => "a URL per line",
    };

    static string List(IReadOnlyList<CsvColumn> columns)
    {
        var texts = columns.Take(MaxColumns).Select(column => column.Type switch
        {
            CsvType.Number => $"{column.Name} (number)",
            CsvType.Boolean => $"{column.Name} (true or false)",
            _ => column.Name,
        });
        string rest = columns.Count > MaxColumns ? $" and {columns.Count - MaxColumns} more" : "";
        return string.Join(", ", texts) + rest;
    }
}
