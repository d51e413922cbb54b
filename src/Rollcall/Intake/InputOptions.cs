using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Rollcall.Serialization;

namespace Rollcall.Intake;

/// <summary>What decides which items an input has.</summary>
public sealed record InputOptions
{
    /// <summary>The format; null to find it by the file's name and its first bytes.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>Which types the values of <see cref="InputFormat.Csv"/> and <see cref="InputFormat.Tsv"/> have.</summary>
    public CsvTypes CsvTypes { get; init; }

    /// <summary>
    /// The columns that <see cref="InputFormat.Csv"/> and <see cref="InputFormat.Tsv"/> must have, with their types; null for any columns.
    /// </summary>
    public IReadOnlyList<CsvColumn>? Columns { get; init; }

    /// <summary>
    /// What gives an item's id: the name of a column or field, or a JSON Pointer (RFC 6901) into the item; null for the id that the format
    /// itself has.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Whether several items may have the same id.</summary>
    public bool AllowDuplicateIds { get; init; }

    /// <summary>The number of items after which reading stops; null for all. What follows them is not checked.</summary>
    public long? Limit { get; init; }
}

/// <summary>How the types of columns are decided.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<CsvTypes>))]
public enum CsvTypes
{
    /// <summary>A column is of numbers or of booleans if all of its values are. This reads the input twice.</summary>
    Infer,

    /// <summary>Every value is a string.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is spelled so in requests, and JSON's type is meant.")]
    String,
}
