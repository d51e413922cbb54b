using System.Text;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Items;

namespace Rollcall.Functions.Storage;

/// <summary>Writes the input of one shard.</summary>
/// <param name="blob">The shard's blob, whose name no other writer has.</param>
sealed class ShardInputWriter(BlockBlobClient blob) : IAsyncDisposable
{
    readonly BlockBlobWriter writer = new(blob);
    readonly List<(int Id, int Payload)> lengths = [];

    public int Count => lengths.Count;

    public async Task AddAsync(BatchItem item, CancellationToken cancellationToken)
    {
        byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
        lengths.Add((id?.Length ?? -1, item.Payload.Length));
        await writer.WriteAsync(id, cancellationToken);
        await writer.WriteAsync(item.Payload, cancellationToken);
    }

    /// <summary>Puts the input in its place.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => writer.CommitAsync(ShardInputLayout.Write(lengths), cancellationToken);

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
