using System.Text.Json;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Deploy;

/// <summary>What the template makes: who may do what, and by which way.</summary>
public sealed class TemplateTests
{
    static readonly BicepTemplate Template = BicepTemplate.OfTheApp;

    // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    static readonly Dictionary<string, string> RoleIds = new()
    {
        ["blobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["queueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["tableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["metricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["secretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
        ["secretsOfficer"] = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    };

    static JsonElement App => Assert.Single(Template.Resources("api", "Microsoft.Web/sites"));

    static JsonElement Account =>
        Assert.Single(Template.Resources("storage", "Microsoft.Storage/storageAccounts")).GetProperty("properties");

    [Theory]
    [InlineData("main.bicep")]
    [InlineData("main.test.bicep")]
    public void Template_Compiled_GivesNoWarning(string file) => Assert.Equal("", BicepTemplate.Build(file).Warnings);

    [Fact]
    public void Modules_OfTheTemplate_ComeFromNoRegistry() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.bicep", SearchOption.AllDirectories),
        file => Assert.DoesNotMatch("'(br|ts)[:/]", File.ReadAllText(file)));

    [Fact]
    public void App_OfTheTemplate_IsReachedByHttpsOnlyAndDeployedToWithAnIdentity()
    {
        var properties = App.GetProperty("properties");
        Assert.True(properties.GetProperty("httpsOnly").GetBoolean());
        var site = properties.GetProperty("siteConfig");
        Assert.Equal("1.2", site.GetProperty("minTlsVersion").GetString());
        Assert.Equal("1.2", site.GetProperty("scmMinTlsVersion").GetString());
        Assert.Equal("Disabled", site.GetProperty("ftpsState").GetString());
        var policies = Template.Resources("api", "Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(2, policies.Count);
        Assert.All(policies, policy => Assert.False(policy.At("properties", "allow").GetBoolean()));
        var package = properties.At("functionAppConfig", "deployment", "storage", "authentication");
        Assert.Equal("UserAssignedIdentity", package.GetProperty("type").GetString());
        Assert.Equal("[parameters('identityId')]", package.GetProperty("userAssignedIdentityResourceId").GetString());
    }

    [Fact]
    public void Identity_OfTheApp_IsAUserAssignedOneAndReadsTheVault()
    {
        Assert.Equal("UserAssigned", App.At("identity", "type").GetString());
        Assert.Equal("[parameters('identityId')]", App.At("properties", "keyVaultReferenceIdentity").GetString());
        Assert.Equal("api", TagOf(App, "azd-service-name"));
    }

    [Fact]
    public void Roles_OfTheApp_AreThoseThatItNeedsAndNoOther() => Assert.Equal(
        ["blobDataOwner", "metricsPublisher", "queueDataContributor", "secretsUser", "tableDataContributor"],
        RolesOf("app").Order(StringComparer.Ordinal));

    [Fact]
    public void Roles_OfAPerson_AreGivenOnlyWhereTheyAreAskedFor()
    {
        Assert.Equal(
            ["blobDataOwner", "queueDataContributor", "secretsOfficer", "tableDataContributor"],
            RolesOf("user").Order(StringComparer.Ordinal));
        Assert.All(AssignmentsOf("user"), assignment =>
            Assert.Equal("[not(empty(variables('user').id))]", assignment.GetProperty("condition").GetString()));
        Assert.Equal(
            "[if(parameters('createRoleForUser'), createObject('value', parameters('principalId')), createObject('value', ''))]",
            ParameterOf("roles", "userPrincipalId"));
        Assert.False(Template.Root.At("parameters", "createRoleForUser", "defaultValue").GetBoolean());
    }

    [Fact]
    public void Roles_OfTheTemplate_HaveNamesThatStayAndATypeOfPrincipal()
    {
        var all = Template.AllResources()
            .Where(resource => resource.GetProperty("type").ValueEquals("Microsoft.Authorization/roleAssignments"))
            .ToList();
        Assert.Equal(5, all.Count);
        Assert.All(all, assignment =>
        {
            Assert.StartsWith("[guid(", assignment.GetProperty("name").GetString(), StringComparison.Ordinal);
            Assert.Matches(@"^\[variables\('(app|user)'\)\.type\]$", assignment.At("properties", "principalType").GetString());
        });
    }

    [Fact]
    public void Storage_OfTheTemplate_HasNoKeysNothingPublicAndTls()
    {
        Assert.False(Account.GetProperty("allowSharedKeyAccess").GetBoolean());
        Assert.False(Account.GetProperty("allowBlobPublicAccess").GetBoolean());
        Assert.True(Account.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
        Assert.Equal("TLS1_2", Account.GetProperty("minimumTlsVersion").GetString());
    }

    [Fact]
    public void Telemetry_OfTheTemplate_IsTakenFromIdentitiesOnly()
    {
        var insights = Assert.Single(Template.Resources("monitoring", "Microsoft.Insights/components"));
        Assert.True(insights.At("properties", "DisableLocalAuth").GetBoolean());
    }

    [Fact]
    public void Network_WhereItIsAskedFor_IsTheOnlyWayToStorageAndVault()
    {
        var vault = Assert.Single(Template.Resources("vault", "Microsoft.KeyVault/vaults")).GetProperty("properties");
        Assert.All([Account, vault], properties =>
        {
            Assert.Equal("[if(parameters('isPrivate'), 'Disabled', 'Enabled')]", properties.GetProperty("publicNetworkAccess").GetString());
            Assert.Equal("[if(parameters('isPrivate'), 'Deny', 'Allow')]", properties.At("networkAcls", "defaultAction").GetString());
        });
        foreach (string module in new[] { "storage", "vault" })
        {
            Assert.Equal("[parameters('vnetEnabled')]", ParameterOf(module, "isPrivate"));
        }

        var services = Template.Module("endpoints").At("variables", "services").EnumerateArray();
        Assert.Equal(["blob", "queue", "table", "vault"], services.Select(service => service.GetProperty("group").GetString()));
        foreach (string module in new[] { "network", "endpoints" })
        {
            Assert.Equal("[parameters('vnetEnabled')]", Template.Root.At("resources", module, "condition").GetString());
        }
    }

    [Fact]
    public void Secrets_OfTheTemplate_AreInNoOutputAndReadByNoKey()
    {
        string text = Template.Root.GetRawText();
        Assert.DoesNotMatch("(?i)list(account)?(keys|sas|secrets|connectionstrings)|sharedaccess|securestring", text);
        var outputs = Template.Root.GetProperty("resources").EnumerateObject()
            .Where(module => module.Value.GetProperty("type").ValueEquals("Microsoft.Resources/deployments"))
            .Select(module => Template.Module(module.Name))
            .Append(Template.Root)
            .SelectMany(template => template.TryGetProperty("outputs", out var found) ? found.EnumerateObject() : default);
        Assert.All(outputs, output =>
            Assert.DoesNotMatch("(?i)connectionstring|instrumentationkey|secret[^s]|password", output.ToString()));
    }

    static List<JsonElement> AssignmentsOf(string whom) =>
        [.. Template.Resources("roles", "Microsoft.Authorization/roleAssignments")
            .Where(a => a.At("properties", "principalId").ValueEquals($"[variables('{whom}').id]"))];

    static IEnumerable<string> RolesOf(string whom)
    {
        var variables = Template.Module("roles").GetProperty("variables");
        Assert.All(RoleIds, role => Assert.Equal(role.Value, variables.GetProperty(role.Key).GetString()));
        return AssignmentsOf(whom).SelectMany(assignment =>
        {
            string definition = assignment.At("properties", "roleDefinitionId").GetString()!;
            return assignment.TryGetProperty("copy", out _)
                ? variables.GetProperty("dataRoles").EnumerateArray().Select(role => NameIn(role.GetString()!))
                : [NameIn(definition)];
        });
    }

    static string NameIn(string expression) =>
        RoleIds.Keys.Single(name => expression.Contains($"variables('{name}')", StringComparison.Ordinal));

    static string ParameterOf(string module, string name)
    {
        var parameter = Template.Root.At("resources", module, "properties", "parameters", name);
        return parameter.ValueKind == JsonValueKind.String ? parameter.GetString()! : parameter.GetProperty("value").GetString()!;
    }

    static string TagOf(JsonElement resource, string name) =>
        resource.GetProperty("tags").GetString()!.Split('\'').SkipWhile(part => part != name).Skip(2).First();
}
