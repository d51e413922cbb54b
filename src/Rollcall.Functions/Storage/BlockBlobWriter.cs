using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Streams;

namespace Rollcall.Functions.Storage;

/// <summary>
/// Writes a blob of any size with a few megabytes of memory. The blob exists only after <see cref="CommitAsync"/>, completely. A small blob
/// takes one request.
/// </summary>
sealed class BlockBlobWriter(BlockBlobClient blob) : WriteOnlyStream
{
    const int BlockSize = 4 * 1024 * 1024;

    readonly MemoryStream buffer = new();
    readonly List<string> blocks = [];

    // Unique, so that two writers of the same blob do not commit each other's blocks.
    readonly string writer = Guid.NewGuid().ToString("N");
    long total;

    public override long Position
    {
        get => total;
        set => throw new NotSupportedException();
    }

    /// <summary>Commits the blob, unless it exists already.</summary>
    /// <param name="head">Bytes to put before everything that was written.</param>
    /// <returns>Whether this writer's blob was committed.</returns>
    public async Task<bool> CommitAsync(ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        var onlyNew = new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            if (blocks.Count == 0)
            {
                using var content = head.IsEmpty
                    ? null
                    : new MemoryStream([.. head.Span, .. buffer.GetBuffer().AsSpan(0, (int)buffer.Length)]);
                buffer.Position = 0;
                await blob.UploadAsync(content ?? buffer, new BlobUploadOptions { Conditions = onlyNew }, cancellationToken);
                return true;
            }

            await StageAsync(cancellationToken);
            if (!head.IsEmpty)
            {
                using var content = new MemoryStream(head.ToArray());
                blocks.Insert(0, await StageAsync(content, cancellationToken));
            }

            await blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = onlyNew }, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (IsTaken(exception))
        {
            return false;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        buffer.Write(source.Span);
        total += source.Length;
        if (buffer.Length >= BlockSize)
        {
            await StageAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] source, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(source.AsMemory(offset, count), cancellationToken).AsTask();

    // Buffered until the next asynchronous write, because a synchronous write must not wait for the network.
    public override void Write(byte[] source, int offset, int count)
    {
        buffer.Write(source, offset, count);
        total += count;
    }

    public override void Write(ReadOnlySpan<byte> source)
    {
        buffer.Write(source);
        total += source.Length;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        buffer.Dispose();
        base.Dispose(disposing);
    }

    async Task StageAsync(CancellationToken cancellationToken)
    {
        if (buffer.Length > 0)
        {
            buffer.Position = 0;
            blocks.Add(await StageAsync(buffer, cancellationToken));
            buffer.SetLength(0);
        }
    }

    async Task<string> StageAsync(Stream content, CancellationToken cancellationToken)
    {
        string number = blocks.Count.ToString("D5", CultureInfo.InvariantCulture);
        string name = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{writer}-{(ReferenceEquals(content, buffer) ? number : "head.")}"));
        await blob.StageBlockAsync(name, content, cancellationToken: cancellationToken);
        return name;
    }

    // InvalidBlockList: another writer's commit discarded these blocks, so its blob exists.
    static bool IsTaken(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || exception.ErrorCode == BlobErrorCode.ConditionNotMet
        || exception.ErrorCode == BlobErrorCode.InvalidBlockList;
}
