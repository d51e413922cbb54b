using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// An item's entry in the index of a set of stored items, 48 bytes: the offset of its bytes in the data (8), the length of its id or -1
/// (4), the length of its payload (4), and two hashes: of the payload (16), and of the item's place, everything before this hash in the
/// entry, and the id (16). Numbers are little-endian. A hash is the first 128 bits of a SHA-256: it protects against accidents, not against
/// a forger, who could write the hash as well. The hashes reveal any changed byte in the entry, the id or the payload, and an item in the
/// place of another.
/// </summary>
/// <param name="Offset">Where the item's bytes start in the data: its id, its head, and then its payload.</param>
/// <param name="IdLength">The length of the id in bytes; -1 for none.</param>
/// <param name="HeadLength">The length of its <see cref="RequestHead"/> in bytes; 0 for none.</param>
/// <param name="PayloadLength">The length of the payload in bytes.</param>
public readonly record struct StoredItem(long Offset, int IdLength, int HeadLength, int PayloadLength)
{
    /// <summary>The length of an entry, in bytes.</summary>
    public const int EntrySize = 48;

    const int NumbersSize = 16;
    const int HashSize = 16;
    const int HeadSize = NumbersSize + HashSize;

    // A character is at most three bytes.
    const int MaxIdBytes = BatchItem.MaxIdLength * 3;

    /// <summary>The length of the item's id in the data, in bytes.</summary>
    public int IdBytes => Math.Max(IdLength, 0);

    /// <summary>The length of what follows the id in the data: head and payload, in bytes.</summary>
    public int ContentBytes => HeadLength + PayloadLength;

    /// <summary>Writes the entry of an item.</summary>
    /// <param name="entry">The destination: <see cref="EntrySize"/> bytes.</param>
    /// <param name="place">The item's place in the index.</param>
    /// <param name="offset">Where the item's bytes start in the data.</param>
    /// <param name="id">Its id; null for none.</param>
    /// <param name="head">Its <see cref="RequestHead"/>; empty for none.</param>
    public static void Write(Span<byte> entry, long place, long offset, byte[]? id, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
        BinaryPrimitives.WriteInt16LittleEndian(entry[8..], (short)(id?.Length ?? -1));
        BinaryPrimitives.WriteUInt16LittleEndian(entry[10..], checked((ushort)head.Length));
        BinaryPrimitives.WriteInt32LittleEndian(entry[12..], payload.Length);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        content.AppendData(head);
        content.AppendData(payload);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        content.GetHashAndReset(whole);
        whole[..HashSize].CopyTo(entry[NumbersSize..]);
        HashHead(entry, place, id, entry[HeadSize..]);
    }

    /// <summary>Reads the numbers of an entry. They can be trusted only once <see cref="ReadId"/> has confirmed the same entry.</summary>
    /// <param name="dataLength">The length of the data, in bytes.</param>
    /// <returns>The numbers; null if no item can have them.</returns>
    public static StoredItem? Read(ReadOnlySpan<byte> entry, long dataLength)
    {
        var item = new StoredItem(
            BinaryPrimitives.ReadInt64LittleEndian(entry),
            BinaryPrimitives.ReadInt16LittleEndian(entry[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]),
            BinaryPrimitives.ReadInt32LittleEndian(entry[12..]));
        return item.IdLength is >= -1 and <= MaxIdBytes
            && item.HeadLength <= RequestHead.MaxBytes
            && item.PayloadLength is >= 0 and <= BatchItem.MaxPayloadBytes
            && item.Offset >= 0
            && item.Offset <= dataLength - item.IdBytes - item.ContentBytes
            ? item
            : null;
    }

    /// <summary>Checks the entry's numbers and the id, and decodes the id.</summary>
    /// <param name="id">The id's bytes in the data.</param>
    /// <param name="text">The id; null for none.</param>
    /// <returns>Whether they are what was written.</returns>
    public bool ReadId(ReadOnlySpan<byte> entry, long place, ReadOnlySpan<byte> id, out string? text)
    {
        text = IdLength < 0 ? null : Encoding.UTF8.GetString(id);
        Span<byte> hash = stackalloc byte[HashSize];
        HashHead(entry, place, id, hash);
        return hash.SequenceEqual(entry[HeadSize..EntrySize]);
    }

    /// <summary>Checks what follows the id, and reads it.</summary>
    /// <param name="entry">The entry, already confirmed by <see cref="ReadId"/>.</param>
    /// <param name="content">The head and the payload in the data.</param>
    /// <returns>The item; null if it is not what was written.</returns>
    public BatchItem? ReadContent(ReadOnlySpan<byte> entry, string? id, ReadOnlyMemory<byte> content)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        Hash(content.Span, hash);
        return hash.SequenceEqual(entry.Slice(NumbersSize, HashSize))
            ? new BatchItem(id, content[HeadLength..]) { Head = RequestHead.Parse(content.Span[..HeadLength]) }
            : null;
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
