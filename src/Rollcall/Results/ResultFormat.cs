namespace Rollcall.Results;

/// <summary>What results are given as.</summary>
public enum ResultFormat
{
    /// <summary>JSON lines, byte for byte as they are stored.</summary>
    Jsonl,

    /// <summary>A table for spreadsheets, whose cells hold no more than a spreadsheet's do.</summary>
    Csv,
}
