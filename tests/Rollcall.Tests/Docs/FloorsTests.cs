using System.Text.RegularExpressions;

namespace Rollcall.Tests.Docs;

/// <summary>The tree of <c>docs/architecture.md</c>: each folder of a project is a floor, and names no floor after it.</summary>
public sealed partial class FloorsTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    public static TheoryData<string, string[]> Projects { get; } =
        [
            .. Tree().Matches(Page).Select(
                tree => (tree.Groups["project"].Value, tree.Groups["floor"].Captures.Select(floor => floor.Value).ToArray())),
        ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Floor_OfAProject_NamesNoFloorAboveIt(string project, string[] floors)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        Assert.Equal(Directory.GetDirectories(root).Where(HasCode).Select(Path.GetFileName).Order(), floors.Order());
        for (int floor = 0; floor < floors.Length; floor++)
        {
            // By a using or a whole name, in a cref, or by the end of a name.
            string above = $"({string.Join('|', floors[(floor + 1)..].DefaultIfEmpty("-"))})";
            var upward = new Regex($@"\b{Regex.Escape(project)}\.{above}\b|(?<=cref=""|[(<,\s]){above}\.[A-Z]\w*\b(?![\w.]*\()");
            foreach (string file in Directory.GetFiles(Path.Combine(root, floors[floor]), "*.cs", SearchOption.AllDirectories))
            {
                string code = File.ReadAllText(file);
                Assert.Contains($"namespace {project}.{floors[floor]};", code, StringComparison.Ordinal);
                Assert.False(upward.IsMatch(code), $"{file} is below '{upward.Match(code).Value}', which it names.");
            }
        }
    }

    [Fact]
    public void Projects_OfTheTree_AreAllOfTheCode() => Assert.Equal(
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order(),
        Projects.Select(project => project.Data.Item1).Order());

    [Fact]
    public void Item_OnItsWay_IsFollowedThroughAtMostEightFiles()
    {
        string section = Page[
            Page.IndexOf("## One item", StringComparison.Ordinal)..Page.IndexOf("## The picture", StringComparison.Ordinal)];
        var links = Link().Matches(section).Select(link => link.Groups[1].Value).ToList();
        Assert.InRange(links.Count, 1, 8);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link)), $"{link} is not there."));
    }

    static bool HasCode(string folder) => Path.GetFileName(folder) is not ("bin" or "obj") && Directory.GetFiles(folder, "*.cs").Length > 0;

    [GeneratedRegex(@"^src/(?<project>[\w.]+)/.*\n(  (?<floor>\w+)/.*\n)*", RegexOptions.Multiline)]
    private static partial Regex Tree();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
