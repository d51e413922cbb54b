using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Rollcall.EndToEnd.Tests.Functions;

/// <summary>A blob that a test has taken away, and can put back.</summary>
sealed class TakenBlob(BlobClient blob, BinaryData content)
{
    /// <summary>Takes the one blob away whose name starts and ends so.</summary>
    public static async Task<TakenBlob> TakeAsync(BlobContainerClient container, string prefix, string suffix)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var names = await container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken)
            .Select(blob => blob.Name)
            .ToListAsync(cancellationToken);
        var blob = container.GetBlobClient(Assert.Single(names, name => name.EndsWith(suffix, StringComparison.Ordinal)));
        var content = (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
        await blob.DeleteAsync(cancellationToken: cancellationToken);
        return new TakenBlob(blob, content);
    }

    public Task RestoreAsync() => blob.UploadAsync(content, TestContext.Current.CancellationToken);
}
