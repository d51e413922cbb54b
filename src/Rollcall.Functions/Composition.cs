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
        services.AddSingleton(TimeProvider.System);
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
        services.AddSingleton<BatchControls>();
        services.AddSingleton<SendRulesLookup>(provider => provider.GetRequiredService<BatchControls>().GetRulesAsync);
        services.AddSingleton<ISlotMarks, BlobSlotMarks>();
        services.AddSingleton<ISlotLedger, SharedSlotLedger>();
        if (HostFile.ReadActivityLimit(configuration) is { } limit)
        {
            services.AddSingleton(limit);
        }

        services.AddSingleton(provider => new ItemSender(
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<IBatchStore>(),
            secrets.FindHeaderValue,
            TimeProvider.System,
            Random.Shared.NextDouble,
            provider.GetRequiredService<SendRulesLookup>(),
            provider.GetRequiredService<ISlotLedger>(),
            provider.GetService<ActivityLimit>(),
            shortage: null,
            provider.GetRequiredService<BatchTelemetry>()));
        services.AddSingleton(provider => new PostItem(
            provider.GetRequiredService<IBatchStore>(),
            provider.GetRequiredService<ItemSender>(),
            provider.GetRequiredService<BatchControls>(),
            TimeProvider.System));
        services.AddSingleton(
            provider =>
                new WriteShard(provider.GetRequiredService<IBatchStore>(), progress: null, provider.GetRequiredService<BatchTelemetry>()));
        services.AddSingleton(
            provider =>
                new WriteUnsent(provider.GetRequiredService<IBatchStore>(), progress: null, provider.GetRequiredService<BatchTelemetry>()));
        services.AddSingleton<SealBatch>();
        services.AddSingleton<FindWritten>();
        services.AddSingleton<SelectItems>();
        services.AddSingleton<StopBatch>();
        services.AddSingleton(new NoticeQueues(name => StorageAccount.CreateQueueClient(configuration, name)));
        services.AddSingleton<QueueSend>(provider => provider.GetRequiredService<NoticeQueues>().SendAsync);
        services.AddSingleton(provider => new NoticeSender(
            provider.GetRequiredService<HttpClient>(),
            secrets.FindWebhookKey,
            TimeProvider.System,
            Random.Shared.NextDouble,
            provider.GetRequiredService<QueueSend>()));
        services.AddSingleton<WriteNotice>();
        var options = (configuration.GetSection("Rollcall").Get<RollcallOptions>() ?? new RollcallOptions()).Validate();
        services.AddSingleton(options);

        // Parsed here as well, so that an invalid value stops the start.
        AddressCheck.Parse(options.PrivateTargets);
        services.AddSingleton(
            provider =>
                SenderHttp.CreateClient(AddressCheck.Parse(options.PrivateTargets, provider.GetRequiredService<ILogger<AddressCheck>>())));
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
        services.AddSingleton<BatchStarter>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<BatchPurge>();
        services.AddSingleton<Retention>();
        services.AddSingleton(
            provider => new Intakes(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<RollcallOptions>().Intakes));
        services.AddSingleton(provider => new StartApi(
            provider.GetRequiredService<BatchStarter>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RequestGrants>(),
            provider.GetRequiredService<IUploads>(),
            provider.GetRequiredService<Intakes>()));
        services.AddSingleton<UploadApi>();
        services.AddSingleton<ReadApi>();
        services.AddSingleton<ResultsApi>();
        services.AddSingleton<ListApi>();
        services.AddSingleton<ControlApi>();
        services.AddSingleton<PurgeApi>();
        services.AddSingleton<RollcallApi>();
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
