using System.Buffers.Binary;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Reads what a <see cref="FieldWriter"/> wrote.</summary>
ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    static readonly TimeSpan LargestOffset = TimeSpan.FromHours(14);

    ReadOnlySpan<byte> rest = bytes;

    public readonly int Left => rest.Length;

    public readonly bool AtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public readonly byte PeekByte() => rest[0];

    public bool Flag() => Byte() != 0;

    public int Count()
    {
        int count = (int)Unsigned();
        // Each counted element takes at least one byte.
        return count >= 0 && count <= rest.Length ? count : throw Damaged("it ends too early");
    }

    public int Number()
    {
        uint value = Unsigned();
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
                char[] units = new char[Count()];
                for (int i = 0; i < units.Length; i++)
                {
                    units[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(char)));
                }

                return new string(units);
            default:
                throw Damaged("a text has an unknown form");
        }
    }

    public DateTime Time()
    {
        var kind = (DateTimeKind)Byte();
        long ticks = Long();
        return kind <= DateTimeKind.Local && IsTime(ticks) ? new DateTime(ticks, kind) : throw Damaged("a time is out of range");
    }

    public DateTimeOffset TimeWithOffset()
    {
        long ticks = Long();
        var offset = TimeSpan.FromMinutes(Number());
        return IsTime(ticks) && IsTime(ticks - offset.Ticks) && offset.Duration() <= LargestOffset
            ? new DateTimeOffset(ticks, offset)
            : throw Damaged("a time is out of range");
    }

    public DateTime? OptionalTime() => Flag() ? Time() : null;

    public Dictionary<string, string>? Pairs()
    {
        if (!Flag())
        {
            return null;
        }

        int count = Count();
        var pairs = new Dictionary<string, string>();
        for (int i = 0; i < count; i++)
        {
            string name = Text() ?? throw Damaged("a name is missing");
            pairs[name] = Text()!;
        }

        return pairs;
    }

    public static InvalidDataException Damaged(string why) => new($"A stored event is damaged: {why}.");

    static bool IsTime(long ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;

    uint Unsigned()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = Byte();
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number does not end");
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count)
        {
            throw Damaged("it ends too early");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
