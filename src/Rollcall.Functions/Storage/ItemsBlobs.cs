using Azure;
using Azure.Storage.Blobs;
using Rollcall.Api.Grants;
using Rollcall.Validation;

namespace Rollcall.Functions.Storage;

/// <summary>Opens blobs of items that requests name, in the app's own storage account.</summary>
sealed class ItemsBlobs(BlobServiceClient account)
{
    /// <summary>Opens a blob: see <see cref="ItemsBlobOpener"/>.</summary>
    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        // The rules for paths in requests are in ItemsBlobPath.
        string[] parts = path.Split('/', 2);
        var blob = account.GetBlobContainerClient(parts[0]).GetBlobClient(parts[1]);
        if (blob.BlobContainerName != parts[0] || blob.Name != parts[1])
        {
            // A URL would change some names, and then refer to a blob that was not allowed.
            throw new InvalidInputException(
                InputError.AtField("/itemsBlob", $"is '{path}', which cannot be used unchanged as the name of a blob."));
        }

        try
        {
            var response = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
            return response.Value.Content;
        }
        catch (RequestFailedException exception) when (exception.Status is 400 or 404)
        {
            return null;
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            throw StorageFailure.Of(path, exception);
        }
    }
}
