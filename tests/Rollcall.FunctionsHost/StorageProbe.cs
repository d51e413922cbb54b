using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Rollcall.FunctionsHost;

/// <summary>Asks the storage account for a sign of life, so that a missing one is told at once and not after a minute of retries.</summary>
static class StorageProbe
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="HostException">Its blobs, queues or tables do not respond.</exception>
    public static async Task RequireAsync(string connectionString)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            await new BlobServiceClient(
                connectionString,
                new BlobClientOptions { Retry = { MaxRetries = 0 } }).GetPropertiesAsync(limit.Token);
            await new QueueServiceClient(
                connectionString,
                new QueueClientOptions { Retry = { MaxRetries = 0 } }).GetPropertiesAsync(limit.Token);
            await new TableServiceClient(
                connectionString,
                new TableClientOptions { Retry = { MaxRetries = 0 } }).GetPropertiesAsync(limit.Token);
        }
        catch (Exception exception) when (exception is RequestFailedException
            or FormatException
            or InvalidOperationException
            or OperationCanceledException)
        {
            throw new HostException(
                $"The storage account of AzureWebJobsStorage does not answer: {exception.Message.Split('\n')[0].Trim()} "
                + "Start Azurite (npm run azurite), or set AzureWebJobsStorage to another account's connection string.",
                exception);
        }
    }
}
