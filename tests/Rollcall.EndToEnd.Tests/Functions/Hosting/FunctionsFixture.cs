using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Rollcall.EndToEnd.Tests.Functions.Api;

namespace Rollcall.EndToEnd.Tests.Functions.Hosting;

/// <summary>One storage account and one running Function App for all tests that do not end it.</summary>
public sealed class FunctionsFixture : IAsyncLifetime
{
    internal const string SecretName = "E2E_TOKEN";
    internal const string BoundName = "E2E_BOUND";
    internal const string SecretValue = "secret-6f1d0c52b7";

    const string QueueName = "rollcall-batches";

    AzuriteProcess? azurite;
    FunctionsHostProcess? host;

    internal FunctionsHostProcess Host => host!;

    /// <summary>What the app had written when it was ready.</summary>
    internal string StartOutput { get; private set; } = "";

    internal string ConnectionString => azurite!.ConnectionString;

    internal BlobServiceClient Blobs => new(ConnectionString);

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync();
        host = await FunctionsHostProcess.StartAsync(
            ConnectionString,
            settings:
            [
                ("Rollcall__EchoTarget", "true"),
                ($"Rollcall__Secrets__{SecretName}", SecretValue),
                ($"Rollcall__Secrets__{SecretName}__Origins", "*"),
                ($"Rollcall__WebhookKeys__{SecretName}", SecretValue),
                ($"Rollcall__WebhookKeys__{SecretName}__Origins", "*"),
                ($"Rollcall__Secrets__{BoundName}", SecretValue),
                ($"Rollcall__Secrets__{BoundName}__Origins", "https://api.example.com"),
            ]);
        StartOutput = host.Output;
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

    internal QueueClient Queue(QueueMessageEncoding encoding = QueueMessageEncoding.None) =>
        new(ConnectionString, QueueName, new QueueClientOptions { MessageEncoding = encoding });

    /// <summary>Puts a batch into the queue, and gives the message's id.</summary>
    internal async Task<string> SendAsync(BatchDocument batch, QueueMessageEncoding encoding)
    {
        var response = await Queue(encoding).SendMessageAsync(
            new BinaryData(batch.ToBytes()),
            cancellationToken: TestContext.Current.CancellationToken);
        return response.Value.MessageId;
    }

    /// <summary>Waits until every message was taken in or moved to the poison queue.</summary>
    internal Task WaitForEmptyQueueAsync() => Eventually.BeTrueAsync("the queue is empty", TimeSpan.FromSeconds(30), async () =>
        (await Queue().GetPropertiesAsync(TestContext.Current.CancellationToken)).Value.ApproximateMessagesCount == 0);

    /// <summary>The texts in the poison queue.</summary>
    internal async Task<IReadOnlyList<string>> PeekPoisonAsync()
    {
        var queue = new QueueClient(ConnectionString, $"{QueueName}-poison");
        return await queue.ExistsAsync(TestContext.Current.CancellationToken)
            ?
            [
                .. (
                    await queue.PeekMessagesAsync(maxMessages: 32, TestContext.Current.CancellationToken)).Value.Select(message =>
                        message.MessageText),
            ]
            : [];
    }

    /// <summary>Stores lines as a blob, and gives its name as <c>itemsBlob</c> takes it.</summary>
    internal async Task<string> UploadAsync(string name, IEnumerable<string> lines)
    {
        var container = Blobs.GetBlobContainerClient("rollcall-items");
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        string path = $"{Guid.NewGuid():N}/{name}";
        await container.UploadBlobAsync(
            path,
            new BinaryData(string.Concat(lines.Select(line => line + "\n"))),
            TestContext.Current.CancellationToken);
        return $"rollcall-items/{path}";
    }

    /// <summary>Every blob that can have to do with a batch: those under its id, and all of the platform's own.</summary>
    internal async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadBlobsAsync(string batchId)
    {
        var read = new List<(string, byte[])>();
        await foreach (var container in Blobs.GetBlobContainersAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            var client = Blobs.GetBlobContainerClient(container.Name);
            string prefix = container.Name == "rollcall" ? batchId : "";
            var blobs = client.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, TestContext.Current.CancellationToken);
            await foreach (var blob in blobs)
            {
                var content = await client.GetBlobClient(blob.Name).DownloadContentAsync(TestContext.Current.CancellationToken);
                read.Add((blob.Name, content.Value.Content.ToArray()));
            }
        }

        return read;
    }
}
