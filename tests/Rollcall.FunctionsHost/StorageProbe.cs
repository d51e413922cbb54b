using Azure;
using Azure.Storage.Blobs;

namespace Rollcall.FunctionsHost;

/// <summary>Asks the storage account for a sign of life, so that a missing one is told at once and not after a minute of retries.</summary>
static class StorageProbe
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="HostException">There is no answer.</exception>
    public static async Task RequireAsync(string? connectionString)
    {
        if (connectionString is null)
        {
            // An account that is named, with an identity to use it, is a real one.
            return;
        }

        try
        {
            var options = new BlobClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = Limit } };
            using var limit = new CancellationTokenSource(Limit);
            await new BlobServiceClient(connectionString, options).GetPropertiesAsync(limit.Token);
        }
        catch (Exception exception) when (exception is RequestFailedException or FormatException or OperationCanceledException or AggregateException)
        {
            throw new HostException(
                $"The storage account of AzureWebJobsStorage does not answer: {exception.Message.Split('\n')[0].Trim()} "
                + "Start Azurite (npm run azurite), or set AzureWebJobsStorage to another account's connection string.",
                exception);
        }
    }
}
