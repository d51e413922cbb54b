using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Rollcall.Items;

namespace Rollcall.Functions.Storage;

/// <summary>A shard's items for reading: all of them in memory while they are few megabytes, otherwise read one at a time.</summary>
sealed class ShardInput
{
    const int MaxKept = 4 * 1024 * 1024;

    readonly BlobBaseClient blob;
    readonly ShardInputLayout layout;
    readonly byte[] start;

    ShardInput(BlobBaseClient blob, byte[] start)
    {
        this.blob = blob;
        layout = ShardInputLayout.Read(start);
        int last = layout.Offsets.Length - 1;

        // What does not hold all items is of no use but for its layout.
        this.start = last >= 0 && layout.Offsets[last] + layout.LengthOf(last) <= start.Length ? start : [];
    }

    public static async Task<ShardInput> OpenAsync(BlobBaseClient blob)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(0, MaxKept) };
        var answer = await blob.DownloadContentAsync(options, CancellationToken.None);
        return new ShardInput(blob, answer.Value.Content.ToArray());
    }

    public async ValueTask<BatchItem> ReadAsync(int item, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes;
        int length = layout.LengthOf(item);
        if (start.Length > 0)
        {
            bytes = start.AsMemory((int)layout.Offsets[item], length);
        }
        else
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(layout.Offsets[item], length) };
            bytes = (await blob.DownloadContentAsync(options, cancellationToken)).Value.Content.ToMemory();
        }

        int idLength = layout.IdLengths[item];
        return idLength < 0
            ? new BatchItem(null, bytes)
            : new BatchItem(Encoding.UTF8.GetString(bytes.Span[..idLength]), bytes[idLength..]);
    }
}
