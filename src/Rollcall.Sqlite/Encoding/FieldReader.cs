using System.Buffers.Binary;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Reads what a <see cref="FieldWriter"/> wrote.</summary>
ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> rest = bytes;

    public readonly int Left => rest.Length;

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public readonly byte PeekByte() => rest[0];

    public bool Flag() => Byte() != 0;

    public int Count()
    {
        var count = (int)Unsigned();
        return count >= 0 ? count : throw new InvalidDataException("A stored event is damaged: a length is negative.");
    }

    public int Number()
    {
        var value = Unsigned();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string? Text()
    {
        switch ((TextForm)Byte())
        {
            case TextForm.None:
                return null;
            case TextForm.Utf8:
                return System.Text.Encoding.UTF8.GetString(Take(Count()));
            case TextForm.Utf16:
                var units = new char[Count()];
                for (var i = 0; i < units.Length; i++)
                    units[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(char)));
                return new string(units);
            default:
                throw new InvalidDataException("A stored event is damaged: a text has no known form.");
        }
    }

    public DateTime Time()
    {
        var kind = (DateTimeKind)Byte();
        return new DateTime(Long(), kind);
    }

    public DateTime? OptionalTime() => Flag() ? Time() : null;

    public Dictionary<string, string>? Pairs()
    {
        if (!Flag())
            return null;
        var count = Count();
        var pairs = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            var name = Text()!;
            pairs[name] = Text()!;
        }

        return pairs;
    }

    uint Unsigned()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Byte();
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("A stored event is damaged: a number has no end.");
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count)
            throw new InvalidDataException("A stored event is damaged: it ends too early.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
