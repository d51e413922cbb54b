using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>One storage account and one running Function App for all tests that do not end it.</summary>
public sealed class FunctionsFixture : IAsyncLifetime
{
    internal const string SecretName = "E2E_TOKEN";
    internal const string SecretValue = "secret-6f1d0c52b7";

    AzuriteProcess? azurite;
    FunctionsHostProcess? host;

    internal FunctionsHostProcess Host => host!;

    internal string ConnectionString => azurite!.ConnectionString;

    internal BlobServiceClient Blobs => new(ConnectionString);

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync();
        host = await FunctionsHostProcess.StartAsync(ConnectionString, settings: ($"Rollcall__Secrets__{SecretName}", SecretValue));
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }

        if (azurite is not null)
        {
            await azurite.DisposeAsync();
        }
    }

    internal QueueClient Queue(string name, QueueMessageEncoding encoding = QueueMessageEncoding.None) =>
        new(ConnectionString, name, new QueueClientOptions { MessageEncoding = encoding });
}
