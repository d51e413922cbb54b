using System.Text;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Items;
using Rollcall.Storage;

namespace Rollcall.Functions.Storage;

/// <summary>Writes the input of one shard.</summary>
/// <param name="blob">The shard's blob. No other writer uses its name.</param>
sealed class ShardInputWriter(BlockBlobClient blob) : IAsyncDisposable
{
    readonly BlockBlobWriter writer = new(blob);
    readonly MemoryStream entries = new();
    readonly byte[] entry = new byte[StoredItem.EntrySize];
    long offset;

    public int Count { get; private set; }

    public async Task AddAsync(BatchItem item, CancellationToken cancellationToken)
    {
        byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
        byte[] head = RequestHead.ToBytes(item);
        StoredItem.Write(entry, Count++, offset, id, head, item.Payload.Span);
        entries.Write(entry);
        offset += (id?.Length ?? 0) + head.Length + item.Payload.Length;
        await writer.WriteAsync(id, cancellationToken);
        await writer.WriteAsync(head, cancellationToken);
        await writer.WriteAsync(item.Payload, cancellationToken);
    }

    /// <summary>Commits the input.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => writer.CommitAsync(entries.ToArray(), cancellationToken);

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
