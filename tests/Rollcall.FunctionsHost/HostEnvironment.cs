namespace Rollcall.FunctionsHost;

/// <summary>The environment variables that the Functions host sets for its extensions and its worker.</summary>
static class HostEnvironment
{
    /// <summary>The configuration section that holds <c>host.json</c>, as the WebJobs SDK and the extensions expect it.</summary>
    public const string Section = "AzureFunctionsJobHost";

    // With one of these set, the extensions believe that they run in Azure.
    static readonly string[] Misleading = ["CONTAINER_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_POD_NAME", "KUBERNETES_SERVICE_HOST"];

    /// <summary>Sets them for this process and so for the worker. What the user has set stays.</summary>
    public static void Apply(AppFolder app, int port)
    {
        foreach (string name in Misleading)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var (name, value) in app.LocalSettings)
        {
            SetDefault(name, value);
        }

        SetDefault("AzureWebJobsStorage", "UseDevelopmentStorage=true");
        SetDefault("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        Environment.SetEnvironmentVariable("WEBSITE_HOSTNAME", $"127.0.0.1:{port}");
        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated");
        Environment.SetEnvironmentVariable("AzureWebJobsScriptRoot", app.Root);
        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_DIRECTORY", app.Root);
        Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", app.Root);
    }

    /// <summary>The configuration of the job host: <c>host.json</c>, over which <c>AzureFunctionsJobHost__a__b</c> variables win.</summary>
    public static IConfigurationRoot Configure(AppFolder app) => new ConfigurationBuilder()
        .AddInMemoryCollection(app.HostSettings.ToDictionary(pair => $"{Section}:{pair.Key}", pair => pair.Value))
        .AddEnvironmentVariables()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsConfigurationSection"] = Section })
        .Build();

    static void SetDefault(string name, string value)
    {
        // The storage account may also be given as AzureWebJobsStorage__accountName and its kind.
        bool isSet = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Any(key => key.Equals(name, StringComparison.OrdinalIgnoreCase) || key.StartsWith(name + "__", StringComparison.OrdinalIgnoreCase));
        if (!isSet)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
