using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Items;

namespace Rollcall.Functions.Storage;

/// <summary>Writes the input of one shard.</summary>
/// <param name="blob">The shard's blob.</param>
sealed class ShardInputWriter(BlockBlobClient blob) : IAsyncDisposable
{
    const string HashKey = "sha256";

    readonly BlockBlobWriter writer = new(blob);
    readonly List<(int Id, int Payload)> lengths = [];
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public int Count => lengths.Count;

    public async Task AddAsync(BatchItem item, CancellationToken cancellationToken)
    {
        byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
        lengths.Add((id?.Length ?? -1, item.Payload.Length));
        hash.AppendData(id.AsSpan());
        hash.AppendData(item.Payload.Span);
        await writer.WriteAsync(id, cancellationToken);
        await writer.WriteAsync(item.Payload, cancellationToken);
    }

    /// <summary>Puts the input in its place. One with the same items, from an intake that broke off, is as good.</summary>
    /// <exception cref="IOException">Another intake has stored other items under the same id.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        byte[] head = ShardInputLayout.Write(lengths);
        hash.AppendData(head);
        string sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (await writer.CommitAsync(head, new Dictionary<string, string> { [HashKey] = sha256 }, cancellationToken))
        {
            return;
        }

        var properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        if (!properties.Value.Metadata.TryGetValue(HashKey, out string? existing) || existing != sha256)
        {
            throw new IOException(
                $"The blob '{blob.Name}' has other items, of an intake with the same batch id that broke off or is under way. Use another id.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await writer.DisposeAsync();
    }
}
