using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Streams;

namespace Rollcall.Functions.Storage;

/// <summary>
/// Writes a blob of any size with a few megabytes of memory. The blob is there only after <see cref="CommitAsync"/>, whole. A small one
/// costs one request.
/// </summary>
sealed class BlockBlobWriter(BlockBlobClient blob) : WriteOnlyStream
{
    const int BlockSize = 4 * 1024 * 1024;

    readonly MemoryStream buffer = new();
    readonly List<string> blocks = [];

    // Of two writers of one blob neither must take the other's blocks for its own.
    readonly string writer = Guid.NewGuid().ToString("N");
    long total;

    public override long Position
    {
        get => total;
        set => throw new NotSupportedException();
    }

    /// <summary>Puts the blob in its place, unless there is one already.</summary>
    /// <param name="head">Bytes that come before all that was written.</param>
    /// <returns>Whether this writer's blob is the one that is there now.</returns>
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

    // Kept until the next asynchronous write: nothing waits for the network here.
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

    // InvalidBlockList: another writer's commit swept this one's blocks away, so its blob is there.
    static bool IsTaken(RequestFailedException exception) =>
        exception.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || exception.ErrorCode == BlobErrorCode.ConditionNotMet
        || exception.ErrorCode == BlobErrorCode.InvalidBlockList;
}
