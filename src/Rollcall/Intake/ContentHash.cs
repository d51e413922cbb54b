using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Rollcall.Items;

namespace Rollcall.Intake;

/// <summary>
/// Hashes and counts items as they pass: the same ids and payloads in the same order give the same hash, and others do not.
/// </summary>
sealed class ContentHash : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many items have passed.</summary>
    public long Count { get; private set; }

    /// <summary>How many bytes their payloads have.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>Lets the items pass.</summary>
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
        Span<byte> lengths = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, id?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], item.Payload.Length);
        hash.AppendData(lengths);
        hash.AppendData(id.AsSpan());
        hash.AppendData(item.Payload.Span);
        Count++;
        PayloadBytes += item.Payload.Length;
    }
}
