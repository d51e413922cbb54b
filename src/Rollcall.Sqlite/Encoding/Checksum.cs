using System.Buffers.Binary;
using System.Numerics;

namespace Rollcall.Sqlite.Encoding;

/// <summary>
/// The last four bytes of everything that is stored in a form of our own: the CRC-32C of what comes before. SQLite's pages have none, and a
/// bit that is changed within a value is as good a value to it. A CRC finds every change within four bytes in a row, and of others all but
/// one in four thousand million.
/// </summary>
static class Checksum
{
    public const int Size = sizeof(uint);

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>What was stored, without its checksum.</summary>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static ReadOnlySpan<byte> Require(ReadOnlySpan<byte> bytes) =>
        bytes.Length > Size && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]) == Of(bytes[..^Size])
            ? bytes[..^Size]
            : throw new InvalidDataException("A stored event is not what was written: its checksum is another.");
}
