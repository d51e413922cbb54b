using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Rollcall.FunctionsHost.Jobs;

/// <summary>The WebJobs host: the real extensions, which listen to queues, orchestrations and timers.</summary>
static class JobHost
{
    // The Durable Task extension's graceful stop takes up to 8 seconds, after the HTTP requests under way have had theirs.
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    public static void AddJobHost(this WebApplicationBuilder builder, IReadOnlyCollection<FunctionDefinition> functions, Uri address)
    {
        builder.Services.AddSingleton(functions);
        builder.Services.AddSingleton(services =>
            new FunctionInvoker(
                functions,
                services.GetRequiredService<WorkerSupervisor>(),
                HostEnvironment.ReadFunctionTimeout(builder.Configuration)));
        builder.Services.AddSingleton<ITypeLocator, FunctionEmitter>();
#pragma warning disable CS0618 // "Not ready for public consumption", and yet how the extension is given its address (see WebHooks).
        builder.Services.AddSingleton<IWebHookProvider>(new WebHooks(address));
#pragma warning restore CS0618
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopLimit);
        builder.Host.ConfigureWebJobs(jobs =>
        {
            jobs.AddDurableTask();
            jobs.AddAzureStorageQueues();
            jobs.AddTimers();
            jobs.Services.Replace(ServiceDescriptor.Singleton<ScheduleMonitor, MemorySchedule>());
        });
    }
}
