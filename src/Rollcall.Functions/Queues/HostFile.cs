using System.Globalization;
using Microsoft.Extensions.Configuration;
using Rollcall.Sending;

namespace Rollcall.Functions.Queues;

/// <summary>The host's settings that the worker needs: host.json, and the app settings that override it.</summary>
static class HostFile
{
    const string MaxDequeueCount = "extensions:queues:maxDequeueCount";
    const string HubName = "extensions:durableTask:hubName";

    const string FunctionTimeout = "functionTimeout";

    // The default of the queue extension.
    const int DefaultMaxDequeueCount = 5;

    // The platform's defaults: on the Consumption plan, and on all others.
    static readonly TimeSpan ConsumptionTimeout = TimeSpan.FromMinutes(5);
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>How often the host delivers a queue message before it moves it to the poison queue.</summary>
    public static int ReadMaxDequeueCount(IConfiguration configuration) =>
        Read(configuration, MaxDequeueCount) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultMaxDequeueCount;

    /// <summary>How long the host lets a function run; null for no limit, which is -1 in host.json.</summary>
    public static ActivityLimit? ReadActivityLimit(IConfiguration configuration)
    {
        var standard = configuration["WEBSITE_SKU"] == "Dynamic" ? ConsumptionTimeout : DefaultTimeout;
        var timeout = Read(configuration, FunctionTimeout) is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : standard;
        return timeout > TimeSpan.Zero
            ? new ActivityLimit(timeout, $"{FunctionTimeout} in host.json, or the setting AzureFunctionsJobHost__{FunctionTimeout},")
            : null;
    }

    /// <summary>The name of the Durable engine's task hub.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static string ReadHubName(IConfiguration configuration)
    {
        string? name = Read(configuration, HubName);

        // The Durable extension replaces %NAME% by the app setting NAME.
        return (name is ['%', .. var setting, '%'] ? configuration[setting] : name)
            ?? throw new InvalidOperationException($"host.json has no {HubName}.");
    }

    static string? Read(IConfiguration configuration, string key) =>
        configuration[$"AzureFunctionsJobHost:{key}"]
        ?? new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json")).Build()[key];
}
