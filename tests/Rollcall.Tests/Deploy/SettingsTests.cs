using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rollcall.Api.Grants;
using Rollcall.Lifecycle;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Deploy;

/// <summary>The template, the app's settings and <c>host.json</c> say the same.</summary>
public sealed partial class SettingsTests
{
    static readonly BicepTemplate Template = BicepTemplate.OfTheApp;

    // What the Functions host reads and its extensions do, and the app for its storage account.
    static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureFunctionsJobHost__extensions__durableTask__tracing__version",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
    ];

    static readonly string[] OfSecrets =
    [
        "Rollcall__Secrets__{0}",
        "Rollcall__Secrets__{0}__Origins",
        "Rollcall__WebhookKeys__{0}",
        "Rollcall__WebhookKeys__{0}__Origins",
    ];

    [Fact]
    public void Settings_ThatTheAppReads_AreAllSetAndNoneIsSetThatNothingReads()
    {
        var options = typeof(RollcallOptions).GetProperties().Select(property => $"Rollcall__{property.Name}");
        var named = SettingName().Matches(Template.Module("api").GetRawText()).Select(match => match.Value).Distinct();
        Assert.Equal(OfTheHost.Concat(OfSecrets).Concat(options).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_OfTheTemplate_AreAllGivenToTheApp()
    {
        string given = Api().At("properties", "siteConfig", "appSettings").GetString()!;
        var groups = Variables().EnumerateObject().Where(v => SettingName().IsMatch(v.Value.GetRawText())).Select(v => v.Name).ToList();
        Assert.Equal(["settings", "retentionSettings", "secretSettings", "secretOrigins", "keySettings", "keyOrigins"], groups);
        Assert.All(groups, name => Assert.Contains($"variables('{name}')", given, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_ThatTheTemplateDoesNotAskFor_AreTheAppsOwnDefaults()
    {
        var options = new RollcallOptions();
        var settings = Variables().GetProperty("settings");
        Assert.Equal(options.ItemsContainers, settings.GetProperty("Rollcall__ItemsContainers").GetString());
        Assert.Equal(options.NoticeQueues, settings.GetProperty("Rollcall__NoticeQueues").GetString());
        Assert.Equal(options.ItemsPerShard, Number(settings.GetProperty("Rollcall__ItemsPerShard")));
        Assert.Equal(options.MaxRepairs, Number(settings.GetProperty("Rollcall__MaxRepairs")));
        Assert.Equal(options.PrivateTargets, Default("privateTargets").GetString());
    }

    [Fact]
    public void Settings_OfTheTemplate_AreInTheRangeOfTheApp()
    {
        var options = new RollcallOptions { LiveItems = MaxOf("liveItems"), RetentionDays = MaxOf("retentionDays") };
        Assert.Same(options, options.Validate());
        Assert.Throws<InvalidOperationException>(() => new RollcallOptions { LiveItems = MaxOf("liveItems") + 1 }.Validate());
        Assert.Throws<InvalidOperationException>(() => new RollcallOptions { RetentionDays = MaxOf("retentionDays") + 1 }.Validate());
    }

    [Fact]
    public void LiveItems_OfTheTemplate_KeepEveryActivityOfEveryInstanceBusy()
    {
        int liveItems = Default("liveItems").GetInt32();
        int ofAnInstance = Durable().GetProperty("maxConcurrentActivityFunctions").GetInt32();
        Assert.Equal(Default("maximumInstanceCount").GetInt32() * ofAnInstance, liveItems);

        // One instance may have all partitions, and so all shards that are live, and the batch itself.
        int liveShards = liveItems / new RollcallOptions().ItemsPerShard;
        Assert.InRange(liveShards + 1, 1, Durable().GetProperty("maxConcurrentOrchestratorFunctions").GetInt32());
    }

    [Fact]
    public void Intakes_OfTheTemplate_FitIntoHalfOfTheMemory()
    {
        Assert.Equal("[string(div(parameters('instanceMemoryMB'), 512))]", Variables().At("settings", "Rollcall__Intakes").GetString());

        // A request as JSON is up to 64 MiB, and about four times that while it is read.
        Assert.All(Allowed("instanceMemoryMB"), memory => Assert.True(memory / 512 * 4 * 64 <= memory / 2));
    }

    [Fact]
    public void Limits_OfTheHostFile_AreThoseOfThePlan()
    {
        // Flex Consumption has no upper limit, and 30 minutes by default:
        // https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout
        string timeout = HostFile().GetProperty("functionTimeout").GetString()!;
        Assert.Equal(TimeSpan.FromMinutes(30), TimeSpan.Parse(timeout, CultureInfo.InvariantCulture));
        Assert.Equal("FC1", Assert.Single(Template.Resources("api", "Microsoft.Web/serverfarms")).At("sku", "name").GetString());
        Assert.Equal(1000, MaxOf("maximumInstanceCount"));

        // What is always there is of the group that runs orchestrators and activities, of which the partitions limit the first.
        var scale = FunctionAppConfig().GetProperty("scaleAndConcurrency");
        Assert.Contains(
            "createObject('name', 'durable', 'instanceCount', parameters('durableAlwaysReady'))",
            scale.GetProperty("alwaysReady").GetString(),
            StringComparison.Ordinal);
        Assert.InRange(Durable().At("storageProvider", "partitionCount").GetInt32(), 1, Default("maximumInstanceCount").GetInt32());
    }

    [Fact]
    public void Runtime_OfThePlan_IsThatOfTheProject()
    {
        var runtime = FunctionAppConfig().GetProperty("runtime");
        Assert.Equal("dotnet-isolated", runtime.GetProperty("name").GetString());
        Assert.Contains(
            $"<TargetFramework>net{runtime.GetProperty("version").GetString()}</TargetFramework>",
            File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_OfTheTemplate_AreOpenForItemsAndClosedForTheCode()
    {
        string items = Template.Module("storage").At("variables", "itemsContainer").GetString()!;
        Assert.Equal(new RollcallOptions().ItemsContainers, items);
        string code = Template.Root.At("variables", "deploymentContainer").GetString()!;
        Assert.Throws<InvalidOperationException>(() => new StorageNames("Rollcall").ReadContainers(code));
    }

    [Fact]
    public void Parameters_OfTheFile_AreThoseOfTheTemplateWithTheSameDefaults()
    {
        var file = BicepTemplate.ParametersFile;
        var parameters = Template.Root.GetProperty("parameters");
        Assert.Equal(
            parameters.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
            file.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var parameter in parameters.EnumerateObject().Where(p => p.Value.TryGetProperty("defaultValue", out _)))
        {
            var value = file.At(parameter.Name, "value");
            string given = value.ValueKind == JsonValueKind.Array
                ? value.ToString()
                : EnvironmentDefault().Match(value.GetString()!).Groups[1].Value;
            string wanted = parameter.Value.GetProperty("defaultValue").ToString();
            Assert.True(
                wanted.Equals(given, StringComparison.OrdinalIgnoreCase),
                $"{parameter.Name} is {given} in the file, and {wanted} in the template.");
        }
    }

    [Fact]
    public void Tracing_OfTheDurableExtension_IsOnOnlyInAnAppThatHasWhereToSendIt()
    {
        Assert.Equal("None", Durable().At("tracing", "version").GetString());
        Assert.Equal("V2", Variables().At("settings", "AzureFunctionsJobHost__extensions__durableTask__tracing__version").GetString());
        Assert.Contains(
            "'APPLICATIONINSIGHTS_CONNECTION_STRING'",
            Api().At("properties", "siteConfig", "appSettings").GetString()!,
            StringComparison.Ordinal);
    }

    static JsonElement Api() => Assert.Single(Template.Resources("api", "Microsoft.Web/sites"));

    static JsonElement Variables() => Template.Module("api").GetProperty("variables");

    static JsonElement FunctionAppConfig() => Api().At("properties", "functionAppConfig");

    static JsonElement Default(string parameter) => Template.Root.At("parameters", parameter, "defaultValue");

    static int MaxOf(string parameter) => Template.Root.At("parameters", parameter, "maxValue").GetInt32();

    static IEnumerable<int> Allowed(string parameter) =>
        Template.Root.At("parameters", parameter, "allowedValues").EnumerateArray().Select(value => value.GetInt32());

    static JsonElement HostFile() => JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));

    static JsonElement Durable() => HostFile().At("extensions", "durableTask");

    static int Number(JsonElement text) => int.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(AzureWebJobs|AzureFunctionsJobHost__|APPLICATIONINSIGHTS_|Rollcall__|FUNCTIONS_|WEBSITE_|OTEL_)[\w{}]*")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"^\$\{[A-Z_]+=?([^}]*)\}$")]
    private static partial Regex EnvironmentDefault();
}
