using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Rollcall.Functions.Queues;

/// <summary>What the worker needs to know of the host's settings: host.json, and the app settings that go before it.</summary>
static class HostFile
{
    const string MaxDequeueCount = "extensions:queues:maxDequeueCount";
    const string HubName = "extensions:durableTask:hubName";

    // The default of the queue extension.
    const int DefaultMaxDequeueCount = 5;

    /// <summary>How often a queue message is handed out before the host moves it to the poison queue.</summary>
    public static int ReadMaxDequeueCount(IConfiguration configuration) =>
        Find(configuration, MaxDequeueCount) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultMaxDequeueCount;

    /// <summary>The name of the Durable engine's task hub.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string ReadHubName(IConfiguration configuration)
    {
        string? name = Find(configuration, HubName);

        // The Durable extension takes %NAME% for the app setting NAME.
        return (name is ['%', .. var setting, '%'] ? configuration[setting] : name)
            ?? throw new InvalidOperationException($"host.json has no {HubName}.");
    }

    static string? Find(IConfiguration configuration, string setting) =>
        configuration[$"AzureFunctionsJobHost:{setting}"]
            ?? new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json")).Build()[setting];
}
