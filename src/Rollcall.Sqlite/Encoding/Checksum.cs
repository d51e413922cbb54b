using System.Buffers.Binary;
using System.Numerics;

namespace Rollcall.Sqlite.Encoding;

/// <summary>
/// The last four bytes of everything stored in this library's own encoding: the CRC-32C of what comes before. SQLite's pages have no
/// checksum, so SQLite does not notice a changed bit within a value. A CRC-32C finds every change within four consecutive bytes, and all
/// but one in 4,000,000,000 of the others.
/// </summary>
static class Checksum
{
    public const int Size = sizeof(uint);

    /// <summary>The state before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Of(ReadOnlySpan<byte> bytes) => End(Add(Start, bytes));

    public static uint Add(uint state, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    public static uint End(uint state) => ~state;

    /// <summary>The stored bytes without the checksum.</summary>
    /// <exception cref="InvalidDataException">The checksum is wrong.</exception>
    public static ReadOnlySpan<byte> Require(ReadOnlySpan<byte> bytes) =>
        bytes.Length > Size && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]) == Of(bytes[..^Size])
            ? bytes[..^Size]
            : throw new InvalidDataException("A stored event is damaged: its checksum is wrong.");
}
