namespace Rollcall.Results;

/// <summary>The formats of results.</summary>
public enum ResultFormat
{
    /// <summary>JSON lines, byte for byte as they are stored.</summary>
    Jsonl,

    /// <summary>A table for spreadsheets. Cells are cut to the length that a spreadsheet allows.</summary>
    Csv,
}
