using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollcall.Credentials;
using Rollcall.Lifecycle;
using Rollcall.Notices;
using Rollcall.Orchestration;
using Rollcall.Sending;
using Rollcall.Storage;
using Rollcall.Telemetry;

namespace Rollcall;

/// <summary>Puts the core together, in every host.</summary>
public static class RollcallCore
{
    static readonly Type[] Activities =
    [
        typeof(PostItem),
        typeof(WriteShard),
        typeof(WriteUnsent),
        typeof(SealBatch),
        typeof(FindWritten),
        typeof(SelectItems),
        typeof(StopBatch),
        typeof(WriteNotice),
    ];

    // They need a scheduler, which a Function App has only within a call.
    static readonly Type[] SchedulingActivities = [typeof(StartNotice), typeof(SendNotice)];

    /// <summary>
    /// Adds the core's services. The host adds what they stand on: <see cref="IBatchStore"/>, <see cref="ISlotLedger"/>,
    /// <see cref="HttpClient"/> and <see cref="SecretLookups"/>; if it starts batches also <see cref="IBatchCatalog"/>,
    /// <see cref="IUploads"/> and <see cref="RollcallOptions"/>; and if it has them <see cref="ActivityLimit"/>,
    /// <see cref="LocalShortage"/>, <see cref="TargetSilence"/>, <see cref="SendingStop"/>, <see cref="BatchTelemetry"/>,
    /// <see cref="Progress.BatchProgress"/>, <see cref="TokenSource"/> (its command) and <see cref="QueueSend"/>.
    /// </summary>
    public static IServiceCollection AddRollcallCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BatchControls>();
        services.AddSingleton(provider => new TokenCaches(
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<SecretLookups>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<TokenSource>()));
        services.AddSingleton(provider => new ItemSender(
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<IBatchStore>(),
            provider.GetRequiredService<SecretLookups>().OfHeaders,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared.NextDouble,
            provider.GetRequiredService<BatchControls>().GetRulesAsync,
            provider.GetRequiredService<ISlotLedger>(),
            provider.GetService<ActivityLimit>(),
            provider.GetService<LocalShortage>(),
            provider.GetService<BatchTelemetry>(),
            provider.GetRequiredService<TokenCaches>(),
            provider.GetRequiredService<BatchControls>().PauseAsync,
            provider.GetService<TargetSilence>(),
            provider.GetService<SendingStop>()));
        services.AddSingleton(provider => new NoticeSender(
            provider.GetRequiredService<HttpClient>(),
            provider.GetRequiredService<SecretLookups>().OfWebhooks,
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared.NextDouble,
            provider.GetService<QueueSend>()));
        foreach (var activity in Activities)
        {
            services.AddSingleton(activity);
        }

        return services
            .AddSingleton<BatchStarter>()
            .AddSingleton<Reconciler>()
            .AddSingleton<BatchPurge>()
            .AddSingleton<Retention>();
    }

    /// <summary>The core's activities, by name, for a host that has a scheduler at any time.</summary>
    internal static Dictionary<string, ITaskActivity> GetActivities(this IServiceProvider provider) =>
        Activities.Concat(SchedulingActivities).ToDictionary(
            type => type.Name,
            type => (ITaskActivity)ActivatorUtilities.GetServiceOrCreateInstance(provider, type));
}
