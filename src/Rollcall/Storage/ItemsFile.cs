using System.Text;
using Microsoft.Win32.SafeHandles;
using Rollcall.Items;

namespace Rollcall.Storage;

/// <summary>
/// All items of a batch in two files, so that any item is found with two short reads however many there are: <c>items.NAME.data</c> has
/// each id, head and payload followed by a line feed, and <c>items.NAME.index</c> has one <see cref="StoredItem"/> per item. If there are
/// ids, <c>items.NAME.ids</c> has their marks: see <see cref="IdMarks"/>.
/// </summary>
sealed class ItemsFile : IDisposable
{
    const int BufferSize = 256 * 1024;

    readonly string name;
    readonly SafeFileHandle data;
    readonly SafeFileHandle index;
    readonly long dataLength;

    /// <summary>Opens the two files.</summary>
    /// <exception cref="DamagedDataException">One of them is missing.</exception>
    public ItemsFile(string folder, string name)
    {
        this.name = name;
        data = Open(DataPath(folder, name));
        try
        {
            index = Open(IndexPath(folder, name));
            dataLength = RandomAccess.GetLength(data);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public static async Task WriteAsync(string folder, string name, IAsyncEnumerable<BatchItem> items, CancellationToken cancellationToken)
    {
        await using var data = Create(DataPath(folder, name));
        await using var index = Create(IndexPath(folder, name));
        await using var marks = new IdMarksWriter<FileStream>(() => Create(IdsPath(folder, name)));
        byte[] entry = new byte[StoredItem.EntrySize];
        long place = 0;
        long offset = 0;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
            byte[] head = RequestHead.ToBytes(item);
            StoredItem.Write(entry, place++, offset, id, head, item.Payload.Span);
            index.Write(entry);
            await marks.AddAsync(item.Id, cancellationToken);
            data.Write(id);
            data.Write(head);
            data.Write(item.Payload.Span);
            data.WriteByte((byte)'\n');
            offset += (id?.Length ?? 0) + head.Length + item.Payload.Length + 1;
        }

        await data.FlushAsync(cancellationToken);
        await index.FlushAsync(cancellationToken);
        DurableFile.Flush(data.SafeFileHandle, data.Name);
        DurableFile.Flush(index.SafeFileHandle, index.Name);
        if (await marks.FinishAsync(cancellationToken) is { } ids)
        {
            DurableFile.Flush(ids.SafeFileHandle, ids.Name);
        }
    }

    public static bool Exists(string folder, string name, bool hasIds) =>
        File.Exists(IndexPath(folder, name)) && File.Exists(DataPath(folder, name)) && (!hasIds || File.Exists(IdsPath(folder, name)));

    public static void Delete(string folder, string name)
    {
        try
        {
            File.Delete(IndexPath(folder, name));
            File.Delete(DataPath(folder, name));
            File.Delete(IdsPath(folder, name));
        }
        catch (DirectoryNotFoundException)
        {
            // The batch was deleted with all of its stored data.
        }
    }

    /// <summary>Reads an item.</summary>
    /// <exception cref="DamagedDataException">It is not what was written.</exception>
    public BatchItem Read(long itemIndex)
    {
        Span<byte> entry = stackalloc byte[StoredItem.EntrySize];
        var (item, id) = ReadHead(entry, itemIndex);
        byte[] content = new byte[item.ContentBytes];
        return TryRead(data, content, item.Offset + item.IdBytes) && item.ReadContent(entry, id, content) is { } whole
            ? whole
            : throw Damaged(itemIndex, "payload");
    }

    /// <summary>Reads an item's id alone.</summary>
    /// <exception cref="DamagedDataException">It is not what was written.</exception>
    public string? ReadId(long itemIndex) => ReadHead(stackalloc byte[StoredItem.EntrySize], itemIndex).Id;

    public void Dispose()
    {
        data.Dispose();
        index.Dispose();
    }

    (StoredItem Item, string? Id) ReadHead(Span<byte> entry, long itemIndex)
    {
        if (!TryRead(index, entry, itemIndex * StoredItem.EntrySize) || StoredItem.Read(entry, dataLength) is not { } item)
        {
            throw Damaged(itemIndex, "index entry");
        }

        Span<byte> id = stackalloc byte[item.IdBytes];
        if (!TryRead(data, id, item.Offset) || !item.ReadId(entry, itemIndex, id, out string? text))
        {
            throw Damaged(itemIndex, "id or index entry");
        }

        return (item, text);
    }

    static bool TryRead(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                return false;
            }

            destination = destination[read..];
            offset += read;
        }

        return true;
    }

    DamagedDataException Damaged(long itemIndex, string part) =>
        new($"The stored item {itemIndex} is damaged: its {part} in 'items.{name}' is not what was taken in.");

    static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DamagedDataException($"The stored items are damaged: the file '{path}' is gone.", exception);
        }
    }

    static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);

    static string DataPath(string folder, string name) => Path.Combine(folder, $"items.{name}.data");

    /// <summary>The file with the marks of the ids.</summary>
    public static string IdsPath(string folder, string name) => Path.Combine(folder, $"items.{name}.ids");

    static string IndexPath(string folder, string name) => Path.Combine(folder, $"items.{name}.index");
}
