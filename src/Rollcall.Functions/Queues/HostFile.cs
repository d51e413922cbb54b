using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Rollcall.Functions.Queues;

/// <summary>What the worker needs to know of the host's settings: host.json, and the app settings that go before it.</summary>
static class HostFile
{
    const string MaxDequeueCount = "extensions:queues:maxDequeueCount";

    // The default of the queue extension.
    const int DefaultMaxDequeueCount = 5;

    /// <summary>How often a queue message is handed out before the host moves it to the poison queue.</summary>
    public static int ReadMaxDequeueCount(IConfiguration configuration)
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json")).Build();
        return (configuration[$"AzureFunctionsJobHost:{MaxDequeueCount}"] ?? file[MaxDequeueCount]) is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : DefaultMaxDequeueCount;
    }
}
