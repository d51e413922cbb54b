using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// An item's entry in the index of a set of stored items, 48 bytes: where its bytes start in the data (8), the length of its id or -1 (4),
/// of its payload (4), and two hashes: of the payload (16), and of its place, all before this in the entry and its id (16). Numbers are
/// little-endian. A hash is the first 128 bits of a SHA-256: what it is to find is chance, not a forger, who could write the hash as well.
/// A byte that was changed in the entry, in the id or in the payload is so found, and so is an item in the place of another.
/// </summary>
/// <param name="Offset">Where the item's bytes start in the data: its id, and then its payload.</param>
/// <param name="IdLength">The length of its id in bytes; -1 for none.</param>
/// <param name="PayloadLength">The length of its payload in bytes.</param>
public readonly record struct StoredItem(long Offset, int IdLength, int PayloadLength)
{
    /// <summary>How many bytes an entry has.</summary>
    public const int EntrySize = 48;

    const int NumbersSize = 16;
    const int HashSize = 16;
    const int HeadSize = NumbersSize + HashSize;

    // A character is at most three bytes.
    const int MaxIdBytes = BatchItem.MaxIdLength * 3;

    /// <summary>How many bytes the item's id has in the data.</summary>
    public int IdBytes => Math.Max(IdLength, 0);

    /// <summary>Writes the entry of an item.</summary>
    /// <param name="entry">Where it goes: <see cref="EntrySize"/> bytes.</param>
    /// <param name="place">The item's place among those of the index.</param>
    /// <param name="offset">Where its bytes start in the data.</param>
    /// <param name="id">Its id; null for none.</param>
    public static void Write(Span<byte> entry, long place, long offset, byte[]? id, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], id?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], payload.Length);
        Hash(payload, entry.Slice(NumbersSize, HashSize));
        HashHead(entry, place, id, entry[HeadSize..]);
    }

    /// <summary>Reads the numbers of an entry. They are right only where <see cref="ReadId"/> says so of the same entry.</summary>
    /// <param name="dataLength">How many bytes the data has.</param>
    /// <returns>The numbers; null where no item can have them.</returns>
    public static StoredItem? Read(ReadOnlySpan<byte> entry, long dataLength)
    {
        var item = new StoredItem(
            BinaryPrimitives.ReadInt64LittleEndian(entry),
            BinaryPrimitives.ReadInt32LittleEndian(entry[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(entry[12..]));
        return item.IdLength is >= -1 and <= MaxIdBytes
            && item.PayloadLength is >= 0 and <= BatchItem.MaxPayloadBytes
            && item.Offset >= 0
            && item.Offset <= dataLength - item.IdBytes - item.PayloadLength
            ? item
            : null;
    }

    /// <summary>Checks the entry's numbers and the id, and makes a text of the id.</summary>
    /// <param name="id">The id's bytes, as they are in the data.</param>
    /// <param name="text">The id; null for none.</param>
    /// <returns>Whether they are what was written.</returns>
    public bool ReadId(ReadOnlySpan<byte> entry, long place, ReadOnlySpan<byte> id, out string? text)
    {
        text = IdLength < 0 ? null : Encoding.UTF8.GetString(id);
        Span<byte> hash = stackalloc byte[HashSize];
        HashHead(entry, place, id, hash);
        return hash.SequenceEqual(entry[HeadSize..EntrySize]);
    }

    /// <summary>Checks the payload.</summary>
    /// <param name="entry">The entry, of which <see cref="ReadId"/> has said that it is right.</param>
    /// <param name="payload">The payload, as it is in the data.</param>
    /// <returns>Whether it is what was written.</returns>
    public static bool IsPayload(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        Hash(payload, hash);
        return hash.SequenceEqual(entry.Slice(NumbersSize, HashSize));
    }

    static void HashHead(ReadOnlySpan<byte> entry, long place, ReadOnlySpan<byte> id, Span<byte> target)
    {
        Span<byte> head = stackalloc byte[sizeof(long) + HeadSize + id.Length];
        BinaryPrimitives.WriteInt64LittleEndian(head, place);
        entry[..HeadSize].CopyTo(head[sizeof(long)..]);
        id.CopyTo(head[(sizeof(long) + HeadSize)..]);
        Hash(head, target);
    }

    static void Hash(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, whole);
        whole[..HashSize].CopyTo(target);
    }
}
