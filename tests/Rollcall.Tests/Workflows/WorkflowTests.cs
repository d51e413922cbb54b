using System.Text.RegularExpressions;
using Rollcall.Tests.Docs;
using YamlDotNet.RepresentationModel;

namespace Rollcall.Tests.Workflows;

/// <summary>What the workflows on GitHub are held to: nothing runs that a tag can change, and nothing may write that need not.</summary>
public sealed partial class WorkflowTests
{
    static readonly string Folder = Path.Combine(Repository.Root, ".github", "workflows");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_EveryAction_IsPinnedToACommitAndSaysItsVersion(string file)
    {
        var used = Steps(Read(file)).Select(step => Find(step, "uses")).OfType<YamlScalarNode>().Select(uses => uses.Value!).ToList();
        var pins = Pin().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(match => match.Groups["action"].Value).ToList();

        Assert.NotEmpty(used);
        Assert.Equal(used.Order(StringComparer.Ordinal), pins.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_AtTheTop_SaysItsPermissionsAndMayWriteNothing(string file)
    {
        var permissions = Find(Read(file), "permissions");

        Assert.NotNull(permissions);
        Assert.DoesNotContain(
            permissions.AllNodes.OfType<YamlScalarNode>(),
            node => node.Value!.Contains("write", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_EveryJob_SaysItsPermissionsAndItsTimeLimit(string file) => Assert.All(Jobs(Read(file)), job =>
    {
        Assert.NotNull(Find(job, "permissions"));
        Assert.NotNull(Find(job, "timeout-minutes"));
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_OwnScripts_AreThere(string file) => Assert.All(
        Script().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(match => match.Value),
        script => Assert.True(File.Exists(Path.Combine(Repository.Root, script)), $"There is no {script}."));

    [Fact]
    public void CodeOfEachPush_IsTestedOnThreeSystems()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "ci.yml"));

        Assert.All((string[])["ubuntu-", "macos-", "windows-"], system => Assert.Contains(system, text, StringComparison.Ordinal));
        Assert.Contains("run: .ci/run\n", text, StringComparison.Ordinal);
    }

    static YamlMappingNode Read(string file)
    {
        using var reader = new StreamReader(Path.Combine(Folder, file));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    static IEnumerable<YamlMappingNode> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)Find(workflow, "jobs")!).Children.Values.Cast<YamlMappingNode>();

    static IEnumerable<YamlMappingNode> Steps(YamlMappingNode workflow) =>
        Jobs(workflow).SelectMany(job => ((YamlSequenceNode)Find(job, "steps")!).Children.Cast<YamlMappingNode>());

    static YamlNode? Find(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    [GeneratedRegex(
        @"uses: (?<action>[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}) # v\d+(\.\d+){1,2}$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Pin();

    [GeneratedRegex(@"(?<=\s)\.ci/[\w-]+")]
    private static partial Regex Script();
}
