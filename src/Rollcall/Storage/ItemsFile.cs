using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// All items of a batch in two files, so that any item is read by two short reads however many there are: <c>items.NAME.data</c> has each
/// id and payload followed by a line feed, and <c>items.NAME.index</c> 16 bytes an item: offset (8), id length or -1 (4), payload length (4),
/// little-endian.
/// </summary>
sealed class ItemsFile : IDisposable
{
    const int EntrySize = 16;
    const int BufferSize = 256 * 1024;

    readonly SafeFileHandle data;
    readonly SafeFileHandle index;

    public ItemsFile(string folder, string name)
    {
        data = File.OpenHandle(DataPath(folder, name));
        index = File.OpenHandle(IndexPath(folder, name));
    }

    public static async Task WriteAsync(string folder, string name, IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken)
    {
        await using var data = Create(DataPath(folder, name));
        await using var index = Create(IndexPath(folder, name));
        byte[] entry = new byte[EntrySize];
        long offset = 0;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
            BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), id?.Length ?? -1);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), item.Payload.Length);
            index.Write(entry);
            data.Write(id);
            data.Write(item.Payload.Span);
            data.WriteByte((byte)'\n');
            offset += (id?.Length ?? 0) + item.Payload.Length + 1;
        }

        await data.FlushAsync(cancellationToken);
        await index.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(data.SafeFileHandle);
        RandomAccess.FlushToDisk(index.SafeFileHandle);
    }

    public static void Delete(string folder, string name)
    {
        File.Delete(IndexPath(folder, name));
        File.Delete(DataPath(folder, name));
    }

    public BatchItem Read(long itemIndex)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        ReadExactly(index, entry, itemIndex * EntrySize);
        long offset = BinaryPrimitives.ReadInt64LittleEndian(entry);
        int idLength = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
        int payloadLength = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);

        byte[] bytes = new byte[Math.Max(idLength, 0) + payloadLength];
        ReadExactly(data, bytes, offset);
        return idLength < 0
            ? new BatchItem(null, bytes)
            : new BatchItem(Encoding.UTF8.GetString(bytes, 0, idLength), bytes.AsMemory(idLength));
    }

    public void Dispose()
    {
        data.Dispose();
        index.Dispose();
    }

    static void ReadExactly(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The batch's stored items end at byte {offset}, before the item that was asked for.");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);

    static string DataPath(string folder, string name) => Path.Combine(folder, $"items.{name}.data");

    static string IndexPath(string folder, string name) => Path.Combine(folder, $"items.{name}.index");
}
