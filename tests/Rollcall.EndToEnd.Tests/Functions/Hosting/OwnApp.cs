using Azure.Storage.Blobs;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>A storage account and a running Function App for one test, which may end it.</summary>
sealed class OwnApp : IAsyncDisposable
{
    readonly AzuriteProcess azurite;

    OwnApp(AzuriteProcess azurite, FunctionsHostProcess host)
    {
        this.azurite = azurite;
        Host = host;
        Api = new ApiClient(host);
    }

    public FunctionsHostProcess Host { get; }

    public BlobServiceClient Blobs => new(azurite.ConnectionString);

    public ApiClient Api { get; }

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

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Host.DisposeAsync();
        await azurite.DisposeAsync();
    }
}
