using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Rollcall.Sqlite.Encoding;
using SQLitePCL;

namespace Rollcall.Sqlite.Storage;

/// <summary>The SQL function row_sum: the <see cref="Checksum"/> of values that are numbers, texts or null.</summary>
static class RowSum
{
    const int AnyNumber = -1;

    public static void AddTo(SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_create_function(
                connection.Handle,
                "row_sum",
                AnyNumber,
                raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC,
                null,
                Compute),
            connection.Handle);

    static void Compute(sqlite3_context context, object data, sqlite3_value[] values)
    {
        uint sum = Checksum.Start;
        Span<byte> head = stackalloc byte[sizeof(byte) + sizeof(long)];
        foreach (var value in values)
        {
            // The type, and the number or the text's length, so that no two rows are the same bytes.
            int type = raw.sqlite3_value_type(value);
            var text = type == raw.SQLITE_TEXT ? raw.sqlite3_value_blob(value) : default;
            head[0] = (byte)type;
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], type == raw.SQLITE_TEXT ? text.Length : raw.sqlite3_value_int64(value));
            sum = Checksum.Add(Checksum.Add(sum, head), text);
        }

        raw.sqlite3_result_int64(context, Checksum.End(sum));
    }
}
