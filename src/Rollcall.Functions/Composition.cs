using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Core.Serialization;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollcall.Api;
using Rollcall.Api.Grants;
using Rollcall.Api.Requests;
using Rollcall.Functions.Orchestration;
using Rollcall.Functions.Queues;
using Rollcall.Functions.Storage;
using Rollcall.Lifecycle;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall.Functions;

/// <summary>Composes the Function App.</summary>
static class Composition
{
    /// <summary>Adds the services that the functions use.</summary>
    public static void AddRollcall(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRollcallApi();
        services.AddSingleton<BatchTelemetry>();
        services.AddSingleton(_ => StorageAccount.CreateBlobClient(configuration));
        services.AddSingleton(
            provider =>
                new BatchContainer(provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(StorageAccount.ContainerName)));
        services.AddSingleton<IBatchStore, BlobBatchStore>();
        services.AddSingleton<IBatchCatalog, BlobBatchCatalog>();
        services.AddSingleton<IUploads, BlobUploads>();
        services.AddSingleton<ItemsBlobs>();

        var secrets = new HostSecrets(configuration);
        services.AddSingleton(secrets);
        services.AddSingleton<ISlotMarks, BlobSlotMarks>();
        services.AddSingleton<ISlotLedger, SharedSlotLedger>();
        if (HostFile.ReadActivityLimit(configuration) is { } limit)
        {
            services.AddSingleton(limit);
        }

        services.AddSingleton(new NoticeQueues(name => StorageAccount.CreateQueueClient(configuration, name)));
        services.AddSingleton<QueueSend>(provider => provider.GetRequiredService<NoticeQueues>().SendAsync);
        var options = (configuration.GetSection("Rollcall").Get<RollcallOptions>() ?? new RollcallOptions()).Validate();
        services.AddSingleton(options);

        // Parsed here as well, so that an invalid value stops the start.
        AddressCheck.Parse(options.PrivateTargets);
        services.AddSingleton(
            provider => SenderHttp.CreateClient(
                AddressCheck.Parse(options.PrivateTargets, provider.GetRequiredService<ILogger<AddressCheck>>()),
                certificates: secrets.FindCertificate));
        string hub = HostFile.ReadHubName(configuration);
        services.AddSingleton(provider => new InstanceRecords(
            StorageAccount.CreateTableClient(configuration, hub + "Instances"),
            provider.GetRequiredService<ILogger<InstanceRecords>>()));
        var names = new StorageNames(hub);
        var (containers, queues) = (names.ReadContainers(options.ItemsContainers), names.ReadQueues(options.NoticeQueues));
        services.AddSingleton(provider => new RequestGrants
        {
            Secrets = secrets,
            Storage = new StorageGrants(provider.GetRequiredService<ItemsBlobs>().OpenAsync, containers, queues),
        });
        services.AddHostedService(provider => new SettingsNote(secrets, provider.GetRequiredService<ILogger<SettingsNote>>()));
        services.AddSingleton(provider => new MessageStarter(
            provider.GetRequiredService<BatchStarter>(),
            provider.GetRequiredService<RequestGrants>(),
            provider.GetRequiredService<IBatchCatalog>(),
            StorageAccount.CreateQueueClient(configuration, QueueFunctions.QueueName + "-poison"),
            TimeProvider.System,
            HostFile.ReadMaxDequeueCount(configuration),
            provider.GetRequiredService<ILogger<MessageStarter>>()));
        services.AddHostedService(provider => new QueueSetup(
            StorageAccount.CreateQueueClient(configuration, QueueFunctions.QueueName),
            provider.GetRequiredService<ILogger<QueueSetup>>()));
        AddSerialization(services);
    }

    static void AddSerialization(IServiceCollection services)
    {
        // The worker serializes the inputs and outputs of activities, the converter those of orchestrations. Both must write the same JSON.
        var options = new JsonSerializerOptions(OrchestrationJson.Compact.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(OrchestrationJson.Compact, new DefaultJsonTypeInfoResolver()),
        };
        DataConverter converter = new JsonDataConverter(OrchestrationJson.Compact.Options);
        services.Configure<WorkerOptions>(worker => worker.Serializer = new JsonObjectSerializer(options));
        services.PostConfigure<DurableTaskWorkerOptions>(worker => worker.DataConverter = converter);
        services.PostConfigure<DurableTaskClientOptions>(client => client.DataConverter = converter);
    }
}
