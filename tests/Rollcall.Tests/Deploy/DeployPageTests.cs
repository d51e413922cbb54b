using System.Text.RegularExpressions;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Deploy;

/// <summary><c>docs/deploy.md</c> and the workflow of the deployment say what is there.</summary>
public sealed partial class DeployPageTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));

    [Fact]
    public void Parameters_OfTheTemplate_AreOnThePageWithTheirVariablesAndDefaults()
    {
        var rows = Row().Matches(Page).ToDictionary(row => row.Groups["parameter"].Value, row => row);
        foreach (var parameter in BicepTemplate.ParametersFile.EnumerateObject())
        {
            string value = parameter.Value.GetProperty("value").ToString();
            if (Variable().Match(value) is { Success: true } variable)
            {
                var row = rows.GetValueOrDefault(parameter.Name);
                Assert.True(row is not null, $"docs/deploy.md does not have the parameter {parameter.Name}.");
                Assert.Equal(variable.Groups["name"].Value, row.Groups["variable"].Value);
                string wanted = variable.Groups["default"].Value is { Length: > 0 } text ? text : "none";
                Assert.Equal(wanted, row.Groups["default"].Value.Trim('`'));
            }
            else
            {
                Assert.Contains($"`{parameter.Name}`", Page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Alerts_OfThePage_AreThoseOfTheTemplate()
    {
        int onQueries = BicepTemplate.OfTheApp.Module("alerts").At("variables", "rules").GetArrayLength();
        Assert.Equal(5, onQueries + BicepTemplate.OfTheApp.Resources("alerts", "Microsoft.Insights/metricAlerts").Count);
        Assert.Contains("Five alerts", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Workflow_OfTheDeployment_PinsItsActionsAndMayDoNothingByDefault()
    {
        string workflow = File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", "azure-dev.yml"));
        Assert.Contains("\npermissions: {}\n", workflow, StringComparison.Ordinal);
        Assert.Contains("id-token: write", workflow, StringComparison.Ordinal);
        var uses = workflow.Split('\n').Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
        Assert.DoesNotContain("secrets.", workflow, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<variable>ROLLCALL_\w+)` \| `(?<parameter>\w+)` \| (?<default>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\$\{(?<name>ROLLCALL_\w+)=?(?<default>[^}]*)\}$")]
    private static partial Regex Variable();
}
