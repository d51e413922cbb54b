using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rollcall.Hosting;
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
        Assert.Equal(
            [.. OfTheHost.Concat(OfSecrets).Concat(options).Order(StringComparer.Ordinal)],
            SettingName().Matches(Template.Module("api").GetRawText()).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void Settings_OfTheTemplate_AreAllGivenToTheApp()
    {
        string given = Api().GetProperty("properties").GetProperty("siteConfig").GetProperty("appSettings").GetString()!;
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
    public void LiveItems_OfTheTemplate_KeepEveryActivityOfEveryInstanceBusy() =>
        Assert.Equal(Default("maximumInstanceCount").GetInt32() * Durable().GetProperty("maxConcurrentActivityFunctions").GetInt32(), Default("liveItems").GetInt32());

    [Fact]
    public void Intakes_OfTheTemplate_FitIntoHalfOfTheMemory()
    {
        Assert.Equal("[string(div(parameters('instanceMemoryMB'), 512))]", Variables().GetProperty("settings").GetProperty("Rollcall__Intakes").GetString());

        // A request as JSON is up to 64 MiB, and about four times that while it is read.
        Assert.All(Allowed("instanceMemoryMB"), memory => Assert.True(memory / 512 * 4 * 64 <= memory / 2));
    }

    [Fact]
    public void Limits_OfTheHostFile_AreThoseOfThePlan()
    {
        // Flex Consumption: no upper limit, and 30 minutes where nothing is said. https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout
        Assert.Equal(TimeSpan.FromMinutes(30), TimeSpan.Parse(HostFile().GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal("FC1", Assert.Single(Template.Resources("api", "Microsoft.Web/serverfarms")).GetProperty("sku").GetProperty("name").GetString());
        Assert.Equal(1000, MaxOf("maximumInstanceCount"));

        // What is always there is of the group that runs orchestrators and activities, of which the partitions bound the first.
        var scale = FunctionAppConfig().GetProperty("scaleAndConcurrency");
        Assert.Contains("createObject('name', 'durable', 'instanceCount', parameters('durableAlwaysReady'))", scale.GetProperty("alwaysReady").GetString(), StringComparison.Ordinal);
        Assert.InRange(Durable().GetProperty("storageProvider").GetProperty("partitionCount").GetInt32(), 1, Default("maximumInstanceCount").GetInt32());
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
        string items = Template.Module("storage").GetProperty("variables").GetProperty("itemsContainer").GetString()!;
        Assert.Equal(new RollcallOptions().ItemsContainers, items);
        string code = Template.Root.GetProperty("variables").GetProperty("deploymentContainer").GetString()!;
        Assert.Throws<InvalidOperationException>(() => new StorageNames("Rollcall").ReadContainers(code));
    }

    [Fact]
    public void Parameters_OfTheFile_AreThoseOfTheTemplateWithTheSameDefaults()
    {
        var file = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "main.parameters.json"))).GetProperty("parameters");
        var parameters = Template.Root.GetProperty("parameters");
        Assert.Equal(
            parameters.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal),
            file.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var parameter in parameters.EnumerateObject().Where(p => p.Value.TryGetProperty("defaultValue", out _)))
        {
            var value = file.GetProperty(parameter.Name).GetProperty("value");
            string given = value.ValueKind == JsonValueKind.Array ? value.ToString() : EnvironmentDefault().Match(value.GetString()!).Groups[1].Value;
            Assert.True(string.Equals(parameter.Value.GetProperty("defaultValue").ToString(), given, StringComparison.OrdinalIgnoreCase), parameter.Name);
        }
    }

    static JsonElement Api() => Assert.Single(Template.Resources("api", "Microsoft.Web/sites"));

    static JsonElement Variables() => Template.Module("api").GetProperty("variables");

    static JsonElement FunctionAppConfig() => Api().GetProperty("properties").GetProperty("functionAppConfig");

    static JsonElement Default(string parameter) => Template.Root.GetProperty("parameters").GetProperty(parameter).GetProperty("defaultValue");

    static int MaxOf(string parameter) => Template.Root.GetProperty("parameters").GetProperty(parameter).GetProperty("maxValue").GetInt32();

    static IEnumerable<int> Allowed(string parameter) =>
        Template.Root.GetProperty("parameters").GetProperty(parameter).GetProperty("allowedValues").EnumerateArray().Select(value => value.GetInt32());

    static JsonElement HostFile() => JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));

    static JsonElement Durable() => HostFile().GetProperty("extensions").GetProperty("durableTask");

    static int Number(JsonElement text) => int.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b(AzureWebJobs|APPLICATIONINSIGHTS_|Rollcall__|FUNCTIONS_|WEBSITE_|OTEL_)[\w{}]*")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"^\$\{[A-Z_]+=?([^}]*)\}$")]
    private static partial Regex EnvironmentDefault();
}
