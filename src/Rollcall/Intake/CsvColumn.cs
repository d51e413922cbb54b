using System.Text.Json.Serialization;
using Rollcall.Serialization;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>A column of an input.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Type">What its values are.</param>
public sealed record CsvColumn(string Name, CsvType Type);

/// <summary>What the values of a column are as JSON.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<CsvType>))]
public enum CsvType
{
    /// <summary>Strings. An empty value is an empty string.</summary>
    Text,

    /// <summary>Numbers, which are written as they are. An empty value is null.</summary>
    Number,

    /// <summary>True and false. An empty value is null.</summary>
    Boolean,
}

/// <summary>Finds the types of the columns of an input.</summary>
static class CsvInference
{
    const int MaxListLength = 500;

    /// <summary>Reads rows to their end, or to a limit. Those that are wrong say nothing.</summary>
    /// <param name="limit">The number of rows; null for all.</param>
    /// <returns>The types, and the number of rows.</returns>
    public static async Task<(IReadOnlyList<CsvColumn> Columns, long Rows)> RunAsync(
        CsvRows rows, long? limit, CancellationToken cancellationToken)
    {
        // Null until there is a value.
        var types = new CsvType?[rows.Names.Count];
        long count = 0;
        while (!(count >= limit) && await rows.ReadAsync(cancellationToken))
        {
            count += rows.IsBlank ? 0 : 1;
            if (rows.Error is null)
            {
                Narrow(types, rows);
            }
        }

        return ([.. rows.Names.Select((name, column) => new CsvColumn(name, types[column] ?? CsvType.Text))], count);
    }

    /// <summary>Requires that a table has the columns that it must have.</summary>
    /// <exception cref="InvalidInputException">It has others, or in another order.</exception>
    public static IReadOnlyList<CsvColumn> Require(IReadOnlyList<CsvColumn> columns, IReadOnlyList<string> names) =>
        names.SequenceEqual(columns.Select(column => column.Name), StringComparer.Ordinal)
            ? columns
            : throw InvalidInputException.OfAll(
                $"has other columns than {ShortText.Of(NearName.List([.. columns.Select(column => column.Name)]), MaxListLength)}, in this "
                + "order.");

    /// <summary>Whether a value has a type.</summary>
    public static bool Has(CsvType type, ReadOnlySpan<byte> value) => type switch
    {
        CsvType.Number => CsvCell.IsNumber(value),
        CsvType.Boolean => CsvCell.IsBoolean(value),
        _ => true,
    };

    static void Narrow(CsvType?[] types, CsvRows rows)
    {
        for (int column = 0; column < types.Length; column++)
        {
            if (types[column] != CsvType.Text && rows[column] is { IsEmpty: false } value)
            {
                types[column] = types[column] is { } type ? Has(type, value) ? type : CsvType.Text
                    : CsvCell.IsNumber(value) ? CsvType.Number
                    : CsvCell.IsBoolean(value) ? CsvType.Boolean
                    : CsvType.Text;
            }
        }
    }
}
