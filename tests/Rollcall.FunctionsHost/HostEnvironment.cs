using System.Globalization;

namespace Rollcall.FunctionsHost;

/// <summary>The environment variables and the configuration that the Functions host gives its extensions and its worker.</summary>
static class HostEnvironment
{
    /// <summary>The configuration section that holds <c>host.json</c>, as the WebJobs SDK and the extensions expect it.</summary>
    public const string Section = "AzureFunctionsJobHost";

    // With one of these set, the extensions believe that they run in Azure.
    static readonly string[] Misleading = ["CONTAINER_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_POD_NAME", "KUBERNETES_SERVICE_HOST"];

    /// <summary>Sets the variables for this process and so for the worker. What the user has set stays.</summary>
    public static void Apply(AppFolder app, Uri address)
    {
        foreach (string name in Misleading)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var (name, value) in app.LocalSettings.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
        {
            SetDefault(name, value!);
        }

        SetDefault("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        SetDefault("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        Environment.SetEnvironmentVariable("WEBSITE_HOSTNAME", address.Authority);
        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated");
        Environment.SetEnvironmentVariable("AzureWebJobsScriptRoot", app.Root);
        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_DIRECTORY", app.Root);
        Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", app.Root);
    }

    /// <summary>Reads <c>host.json</c>, over which <c>AzureFunctionsJobHost__a__b</c> variables win.</summary>
    public static IConfigurationRoot Configure(AppFolder app) => new ConfigurationBuilder()
        .AddInMemoryCollection(app.HostJson.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create($"{Section}:{pair.Key}", pair.Value)))
        .AddEnvironmentVariables()
        .AddInMemoryCollection([KeyValuePair.Create("AzureWebJobsConfigurationSection", (string?)Section)])
        .Build();

    /// <summary>How long an invocation may take; null for as long as it does.</summary>
    public static TimeSpan? ReadFunctionTimeout(IConfiguration configuration) =>
        configuration[$"{Section}:functionTimeout"] is { } text and not "-1" ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;

    static void SetDefault(string name, string value)
    {
        // The storage account may also be given as AzureWebJobsStorage__accountName and its kind.
        string key = name.Replace("__", ":", StringComparison.Ordinal);
        if (!new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection(key).Exists())
        {
            Environment.SetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal), value);
        }
    }
}
