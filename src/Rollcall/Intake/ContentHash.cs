using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Intake;

/// <summary>
/// Hashes and counts items as they pass. Only the same ids, heads and payloads in the same order give the same hash.
/// </summary>
sealed class ContentHash : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The number of items that have passed.</summary>
    public long Count { get; private set; }

    /// <summary>Whether any of them has an id.</summary>
    public bool HasIds { get; private set; }

    /// <summary>The total length of their payloads, in bytes.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>Passes the items through.</summary>
    public async IAsyncEnumerable<BatchItem> PassAsync(
        IAsyncEnumerable<BatchItem> items,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            Add(item);
            yield return item;
        }
    }

    /// <summary>The hash of all items that have passed, in lower-case hex.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();

    void Add(BatchItem item)
    {
        // Lengths come before the bytes, so that no two sequences of items look the same to the hash.
        byte[]? id = item.Id is null ? null : Encoding.UTF8.GetBytes(item.Id);
        byte[] head = RequestHead.ToBytes(item);
        Span<byte> lengths = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, id?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], item.Payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[8..], head.Length);
        hash.AppendData(lengths);
        hash.AppendData(id.AsSpan());
        hash.AppendData(head);
        hash.AppendData(item.Payload.Span);
        Count++;
        HasIds |= id is not null;
        PayloadBytes += item.Payload.Length;
    }
}
