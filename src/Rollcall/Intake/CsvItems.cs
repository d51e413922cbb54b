using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Intake;

/// <summary>Reads items from the rows of a CSV file: each is a JSON object of its columns.</summary>
sealed class CsvItems
{
    const int MaxListLength = 500;

    readonly IReadOnlyList<CsvColumn> columns;
    readonly byte[][] names;
    readonly ItemId? id;
    readonly int idColumn;
    readonly ArrayBufferWriter<byte> json = new();

    /// <param name="columns">The columns and their types.</param>
    /// <param name="id">The column that gives an item's id; null if none does.</param>
    /// <exception cref="InvalidInputException">There is no such column.</exception>
    public CsvItems(IReadOnlyList<CsvColumn> columns, ItemId? id)
    {
        this.columns = columns;
        this.id = id;
        names = [.. columns.Select(column => NameOf(column.Name))];
        string[] known = [.. columns.Select(column => column.Name)];
        idColumn = id is null ? -1 : Array.IndexOf(known, id.Column);
        if (id is not null && idColumn < 0)
        {
            throw InvalidInputException.OfAll(
                $"has no column \"{ShortText.Of(id.Text)}\", which is to have the ids (--id, itemId): "
                + $"{ShortText.Of(NearName.List(known), MaxListLength)} {(known.Length == 1 ? "is" : "are")} there.");
        }
    }

    /// <summary>Reads the rows one after the other.</summary>
    /// <param name="rows">The rows. They are closed.</param>
    /// <param name="check">Checks the items.</param>
    /// <exception cref="InvalidInputException">A row is wrong, or there is none.</exception>
    public async IAsyncEnumerable<BatchItem> ReadAsync(
        CsvRows rows, ItemCheck check, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!check.IsDone && await rows.ReadAsync(cancellationToken))
        {
            if (rows.IsBlank)
            {
                check.RefuseBlank(rows.Line, rows.Error!);
            }
            else if (rows.Error is { } broken)
            {
                check.Refuse(rows.Line, broken);
            }
            else if (Make(rows, out var made) is { } error)
            {
                check.Refuse(rows.Line, error);
            }
            else if (made.Payload.Length > BatchItem.MaxPayloadBytes)
            {
                check.RefuseLarge(rows.Line);
            }
            else if (check.Take(rows.Line, made) is { } taken)
            {
                yield return taken;
            }
        }

        check.Finish();
    }

    string? Make(CsvRows rows, out BatchItem made)
    {
        json.ResetWrittenCount();
        made = new BatchItem(null, default);
        for (int column = 0; column < names.Length; column++)
        {
            json.Write(names[column]);
            var value = rows[column];
            var type = columns[column].Type;
            if (type == CsvType.Text)
            {
                CsvCell.WriteString(value, json);
            }
            else if (CsvInference.Has(type, value))
            {
                json.Write(value);
            }
            else if (value.IsEmpty)
            {
                json.Write("null"u8);
            }
            else
            {
                return $"has a value in \"{ShortText.Of(columns[column].Name)}\" that is no "
                    + $"{(type == CsvType.Number ? "number" : "boolean")}, although all were when the types of the columns were found.";
            }
        }

        json.Write("}"u8);
        string? itemId = null;
        string? error = id?.Check(Encoding.UTF8.GetString(rows[idColumn]), out itemId);
        made = new BatchItem(itemId, json.WrittenSpan.ToArray());
        return error;
    }

    byte[] NameOf(string name)
    {
        json.ResetWrittenCount();
        json.Write(name == columns[0].Name ? "{"u8 : ","u8);
        CsvCell.WriteString(Encoding.UTF8.GetBytes(name), json);
        json.Write(":"u8);
        return json.WrittenSpan.ToArray();
    }
}
