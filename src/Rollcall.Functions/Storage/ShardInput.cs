using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>
/// A shard's items for reading: all of them in memory if they are at most 4 MiB, otherwise read one at a time. Their blob has a
/// <see cref="StoredItem"/> for each, followed by the id, head and payload of each. Payloads may contain any bytes.
/// </summary>
sealed class ShardInput
{
    // Enough for the entries of the largest shard.
    const int MaxKept = 4 * 1024 * 1024;

    readonly BlobBaseClient blob;
    readonly int items;
    readonly byte[] start;
    readonly long length;

    ShardInput(BlobBaseClient blob, int items, byte[] start, long length)
    {
        this.blob = blob;
        this.items = items;
        this.length = length;

        // If not all items are in memory, only the entries are needed.
        this.start = start.Length == length ? start : start[..Math.Min(start.Length, HeadLength)];
    }

    int HeadLength => items * StoredItem.EntrySize;

    public static async Task<ShardInput> OpenAsync(BlobBaseClient blob, int items)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(0, MaxKept) };
        var response = await blob.DownloadContentAsync(options, CancellationToken.None);
        byte[] start = response.Value.Content.ToArray();
        return new ShardInput(blob, items, start, LengthOf(response.Value.Details, start));
    }

    /// <exception cref="DamagedDataException">The item is not what was written.</exception>
    public async ValueTask<BatchItem> ReadAsync(int place, CancellationToken cancellationToken)
    {
        var item = EntryOf(place);
        var bytes = await ReadAsync(item.Offset, item.IdBytes + item.ContentBytes, cancellationToken);
        string? id = IdOf(place, item, bytes.Span[..item.IdBytes]);
        return item.ReadContent(EntryBytes(place), id, bytes[item.IdBytes..]) ?? throw Damaged(place, "payload");
    }

    /// <exception cref="DamagedDataException">The id is not what was written.</exception>
    public async ValueTask<string?> ReadIdAsync(int place, CancellationToken cancellationToken)
    {
        var item = EntryOf(place);
        return IdOf(place, item, (await ReadAsync(item.Offset, item.IdBytes, cancellationToken)).Span);
    }

    // The Content-Range header is "bytes 0-99/1234" (RFC 9110, section 14.4).
    static long LengthOf(BlobDownloadDetails details, byte[] start) =>
        details.ContentRange is { } range && long.TryParse(range.AsSpan(range.IndexOf('/') + 1), out long length) ? length : start.Length;

    async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, int count, CancellationToken cancellationToken)
    {
        long at = HeadLength + offset;
        if (start.Length == length)
        {
            return start.AsMemory((int)at, count);
        }

        if (count == 0)
        {
            return default;
        }

        var options = new BlobDownloadOptions { Range = new HttpRange(at, count) };
        return (await blob.DownloadContentAsync(options, cancellationToken)).Value.Content.ToMemory();
    }

    StoredItem EntryOf(int place) =>
        start.Length >= HeadLength && StoredItem.Read(EntryBytes(place), length - HeadLength) is { } item
            ? item
            : throw Damaged(place, "index entry");

    string? IdOf(int place, StoredItem item, ReadOnlySpan<byte> bytes) =>
        item.ReadId(EntryBytes(place), place, bytes, out string? id) ? id : throw Damaged(place, "id or index entry");

    ReadOnlySpan<byte> EntryBytes(int place) => start.AsSpan(place * StoredItem.EntrySize, StoredItem.EntrySize);

    DamagedDataException Damaged(int place, string part) =>
        new($"The stored item {place} of '{blob.Name}' is damaged: its {part} is not what was taken in.");
}
