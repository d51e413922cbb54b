using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Rollcall.Sqlite.Encoding;

/// <summary>Writes fields one after the other into a reusable buffer.</summary>
sealed class FieldWriter
{
    const int SmallestBuffer = 4 * 1024;
    const int LargestKeptBuffer = 1024 * 1024;

    [ThreadStatic]
    static FieldWriter? ofThisThread;

    byte[] buffer = new byte[SmallestBuffer];

    public int Length { get; private set; }

    /// <summary>The calling thread's writer, emptied. Finish using it before the next call on this thread.</summary>
    public static FieldWriter Start()
    {
        var writer = ofThisThread ??= new FieldWriter();
        if (writer.buffer.Length > LargestKeptBuffer)
        {
            writer.buffer = new byte[SmallestBuffer];
        }

        writer.Length = 0;
        return writer;
    }

    /// <summary>The written bytes and their <see cref="Checksum"/>.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length + Checksum.Size];
        buffer.AsSpan(0, Length).CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Length), Checksum.Of(buffer.AsSpan(0, Length)));
        return bytes;
    }

    public void Byte(byte value)
    {
        Reserve(1);
        buffer[Length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Count(int value) => Unsigned((uint)value);

    public void Number(int value) => Unsigned((uint)((value << 1) ^ (value >> 31)));

    public void Long(long value)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(Length), value);
        Length += sizeof(long);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Writes text as UTF-8, or as UTF-16 if it contains half a surrogate pair, which UTF-8 cannot represent.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Byte((byte)TextForm.None);
            return;
        }

        int start = Length;
        int size = System.Text.Encoding.UTF8.GetByteCount(value);
        Byte((byte)TextForm.Utf8);
        Count(size);
        Reserve(size);
        if (Utf8.FromUtf16(value, buffer.AsSpan(Length), out _, out int written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            Length += written;
            return;
        }

        Length = start;
        Byte((byte)TextForm.Utf16);
        Count(value.Length);
        Reserve(value.Length * sizeof(char));
        foreach (char unit in value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(Length), unit);
            Length += sizeof(char);
        }
    }

    public void Time(DateTime value)
    {
        Byte((byte)value.Kind);
        Long(value.Ticks);
    }

    public void OptionalTime(DateTime? value)
    {
        Flag(value.HasValue);
        if (value is { } time)
        {
            Time(time);
        }
    }

    public void Pairs(IDictionary<string, string>? pairs)
    {
        Flag(pairs is not null);
        if (pairs is null)
        {
            return;
        }

        Count(pairs.Count);
        foreach (var (name, value) in pairs)
        {
            Text(name);
            Text(value);
        }
    }

    void Unsigned(uint value)
    {
        Reserve(5);
        while (value >= 0x80)
        {
            buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[Length++] = (byte)value;
    }

    void Reserve(int more)
    {
        if (buffer.Length - Length < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + more));
        }
    }
}
