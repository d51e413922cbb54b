using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollcall.FunctionsHost.Functions;
using Rollcall.FunctionsHost.Http;

namespace Rollcall.FunctionsHost.Jobs;

/// <summary>Makes the WebJobs host: the real extensions, which listen to queues, orchestrations and timers.</summary>
static class JobHostFactory
{
    /// <summary>The longest wait for the listeners' stop. The Durable Task extension's graceful stop takes up to 8 seconds.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    public static IHost Create(
        IConfigurationRoot configuration,
        Type functionTypes,
        bool hasTimers,
        WebHooks webHooks,
        Action<ILoggingBuilder> logging) => new HostBuilder()
        .UseEnvironment(configuration["AZURE_FUNCTIONS_ENVIRONMENT"]!)
        .ConfigureAppConfiguration(builder => builder.AddConfiguration(configuration))
        .ConfigureServices(services =>
        {
            services.AddSingleton<ITypeLocator>(new FunctionTypes(functionTypes));
#pragma warning disable CS0618 // "Not ready for public consumption", and yet how the extension is given its address (see WebHooks).
            services.AddSingleton<IWebHookProvider>(webHooks);
#pragma warning restore CS0618
            services.AddSingleton<IHostLifetime, DeafLifetime>();
            services.Configure<HostOptions>(options => options.ShutdownTimeout = StopLimit);
        })
        .ConfigureWebJobs(jobs =>
        {
            jobs.AddDurableTask();
            jobs.AddAzureStorageQueues();
            if (hasTimers)
            {
                jobs.AddTimers();
                jobs.Services.Replace(ServiceDescriptor.Singleton<ScheduleMonitor, MemorySchedule>());
            }
        })
        .ConfigureLogging(logging)
        .Build();
}
