using System.Text.RegularExpressions;
using Rollcall.Tests.Docs;

namespace Rollcall.Tests.Deploy;

/// <summary><c>azure.yaml</c> names what is there.</summary>
public sealed partial class AzureYamlTests
{
    static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "azure.yaml"));

    [Fact]
    public void Service_OfTheFile_IsTheFunctionApp()
    {
        Assert.StartsWith("# yaml-language-server: $schema=", Text, StringComparison.Ordinal);
        Assert.Matches(@"services:\n  api:\n    project: \./src/Rollcall\.Functions\n    language: dotnet\n    host: function\n", Text);
        Assert.Matches(@"pipeline:\n  provider: github\n$", Text);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src", "Rollcall.Functions", "Rollcall.Functions.csproj")));
    }

    [Fact]
    public void Hooks_OfTheFile_AreThereForBothShells()
    {
        var hooks = Script().Matches(Text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(
            ["infra/hooks/postprovision.sh", "infra/hooks/postprovision.ps1", "infra/hooks/postdeploy.sh", "infra/hooks/postdeploy.ps1"],
            hooks);
        Assert.All(hooks, hook => Assert.True(File.Exists(Path.Combine(Repository.Root, hook)), $"There is no {hook}."));
    }

    [Fact]
    public void Variables_OfTheHooks_AreOutputsOfTheTemplate()
    {
        var outputs = BicepTemplate.OfTheApp.Root.GetProperty("outputs").EnumerateObject().Select(output => output.Name).ToList();
        foreach (string hook in Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "hooks")))
        {
            var read = Variable().Matches(File.ReadAllText(hook)).Select(match => match.Value).Distinct();
            Assert.All(read, name => Assert.Contains(name, outputs));
        }
    }

    [GeneratedRegex(@"run: \./(\S+)")]
    private static partial Regex Script();

    // But those of the command line, and the one that the hooks' tests set.
    [GeneratedRegex(@"\b(AZURE|SERVICE|ROLLCALL)_(?!(CLI|KEY|SERVER)\b)[A-Z_]+\b")]
    private static partial Regex Variable();
}
