using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>A storage account and a running Function App for one test, which may end it.</summary>
sealed class OwnApp : IAsyncDisposable
{
    OwnApp(AzuriteProcess azurite, FunctionsHostProcess host)
    {
        Azurite = azurite;
        Host = host;
        Api = new ApiClient(() => host.Url);
    }

    public AzuriteProcess Azurite { get; }

    public FunctionsHostProcess Host { get; }

    public BlobServiceClient Blobs => new(Azurite.ConnectionString);

    public ApiClient Api { get; }

    /// <summary>The queue that batches come by, or the one of those that cannot be accepted.</summary>
    public QueueClient Queue(string suffix = "") => new(Azurite.ConnectionString, $"rollcall-batches{suffix}");

    public static async Task<OwnApp> StartAsync(string? appFolder = null, params IEnumerable<(string Name, string Value)> settings)
    {
        var azurite = await AzuriteProcess.StartAsync();
        try
        {
            return new OwnApp(azurite, await FunctionsHostProcess.StartAsync(azurite.ConnectionString, appFolder, settings));
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another instance of the app on the same storage account, as when the platform scales out.</summary>
    public Task<FunctionsHostProcess> StartAnotherHostAsync(params IEnumerable<(string Name, string Value)> settings) =>
        FunctionsHostProcess.StartAsync(Azurite.ConnectionString, app: null, settings);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Host.DisposeAsync();
        await Azurite.DisposeAsync();
    }
}
