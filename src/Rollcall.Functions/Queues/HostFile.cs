using System.Globalization;
using Microsoft.Extensions.Configuration;
using Rollcall.Sending;

namespace Rollcall.Functions.Queues;

/// <summary>What the worker needs to know of the host's settings: host.json, and the app settings that go before it.</summary>
static class HostFile
{
    const string MaxDequeueCount = "extensions:queues:maxDequeueCount";
    const string HubName = "extensions:durableTask:hubName";

    const string FunctionTimeout = "functionTimeout";

    // The default of the queue extension.
    const int DefaultMaxDequeueCount = 5;

    // The defaults of the platform: on its Consumption plan, and on any other one.
    static readonly TimeSpan ConsumptionTimeout = TimeSpan.FromMinutes(5);
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>How often a queue message is handed out before the host moves it to the poison queue.</summary>
    public static int ReadMaxDequeueCount(IConfiguration configuration) =>
        Read(configuration, MaxDequeueCount) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultMaxDequeueCount;

    /// <summary>How long the host lets a function run; null for as long as it takes, which host.json has as -1.</summary>
    public static ActivityLimit? ReadActivityLimit(IConfiguration configuration)
    {
        var timeout = Read(configuration, FunctionTimeout) is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
            : configuration["WEBSITE_SKU"] == "Dynamic" ? ConsumptionTimeout
            : DefaultTimeout;
        return timeout > TimeSpan.Zero
            ? new ActivityLimit(timeout, $"{FunctionTimeout} in host.json, or the setting AzureFunctionsJobHost__{FunctionTimeout},")
            : null;
    }

    /// <summary>The name of the Durable engine's task hub.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string ReadHubName(IConfiguration configuration)
    {
        string? name = Read(configuration, HubName);

        // The Durable extension takes %NAME% for the app setting NAME.
        return (name is ['%', .. var setting, '%'] ? configuration[setting] : name)
            ?? throw new InvalidOperationException($"host.json has no {HubName}.");
    }

    static string? Read(IConfiguration configuration, string key) =>
        configuration[$"AzureFunctionsJobHost:{key}"]
        ?? new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json")).Build()[key];
}
