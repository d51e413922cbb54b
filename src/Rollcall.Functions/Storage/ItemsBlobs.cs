using Azure;
using Azure.Storage.Blobs;
using Rollcall.Intake;

namespace Rollcall.Functions.Storage;

/// <summary>Opens blobs of items that requests name, in the app's own storage account.</summary>
/// <param name="account">The account.</param>
sealed class ItemsBlobs(BlobServiceClient account)
{
    // A caller must not be able to have the host's keys, or other batches, sent to a URL of the caller's choice.
    static readonly string[] Closed = ["azure-webjobs-hosts", "azure-webjobs-secrets", StorageAccount.ContainerName, "rollcall-leases", "rollcall-largemessages", "rollcall-applease"];

    /// <summary>Opens a blob: see <see cref="Api.ItemsBlobOpener"/>.</summary>
    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw Refuse($"is '{path}': a container, a slash, and the name of a blob in it are needed.");
        }

        string container = path[..slash];
        if (container.Length is < 3 or > 63 || !container.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            // Also because of what a URL makes of a backslash and of dots: they would lead into another container.
            throw Refuse($"is '{path}': a container has a name of 3 to 63 of a-z, 0-9 and -.");
        }

        if (Closed.Contains(container, StringComparer.Ordinal))
        {
            throw Refuse($"names the container '{container}', which the app keeps for itself. Use another one.");
        }

        try
        {
            var answer = await account.GetBlobContainerClient(container).GetBlobClient(path[(slash + 1)..]).DownloadStreamingAsync(cancellationToken: cancellationToken);
            return answer.Value.Content;
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

    static InvalidInputException Refuse(string message) => new(InputError.AtField("/itemsBlob", message));
}
