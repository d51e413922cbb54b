using System.Buffers.Binary;

namespace Rollcall.Functions.Storage;

/// <summary>
/// How a shard's items lie in their blob: first the number of items (4 bytes), then for each the length of its id, -1 for none (4), and of
/// its payload (4), all little-endian; then the ids and payloads one after the other. Payloads may have any bytes in them.
/// </summary>
/// <param name="Offsets">Where each item's bytes start in the blob.</param>
/// <param name="IdLengths">The lengths of the ids; -1 for none.</param>
/// <param name="PayloadLengths">The lengths of the payloads.</param>
sealed record ShardInputLayout(long[] Offsets, int[] IdLengths, int[] PayloadLengths)
{
    const int NumberSize = 4;
    const int EntrySize = 8;

    public static byte[] Write(IReadOnlyList<(int Id, int Payload)> lengths)
    {
        byte[] bytes = new byte[NumberSize + (lengths.Count * EntrySize)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, lengths.Count);
        for (int i = 0; i < lengths.Count; i++)
        {
            var entry = bytes.AsSpan(NumberSize + (i * EntrySize), EntrySize);
            BinaryPrimitives.WriteInt32LittleEndian(entry, lengths[i].Id);
            BinaryPrimitives.WriteInt32LittleEndian(entry[NumberSize..], lengths[i].Payload);
        }

        return bytes;
    }

    public static ShardInputLayout Read(ReadOnlySpan<byte> blob)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(blob);
        var layout = new ShardInputLayout(new long[count], new int[count], new int[count]);
        long offset = NumberSize + ((long)count * EntrySize);
        for (int i = 0; i < count; i++)
        {
            var entry = blob.Slice(NumberSize + (i * EntrySize), EntrySize);
            layout.Offsets[i] = offset;
            layout.IdLengths[i] = BinaryPrimitives.ReadInt32LittleEndian(entry);
            layout.PayloadLengths[i] = BinaryPrimitives.ReadInt32LittleEndian(entry[NumberSize..]);
            offset += Math.Max(layout.IdLengths[i], 0) + layout.PayloadLengths[i];
        }

        return layout;
    }

    /// <summary>How many bytes an item has in the blob.</summary>
    public int LengthOf(int item) => Math.Max(IdLengths[item], 0) + PayloadLengths[item];
}
