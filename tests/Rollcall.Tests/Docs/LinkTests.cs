using System.Text.RegularExpressions;

namespace Rollcall.Tests.Docs;

/// <summary>Links of the documents to files of the repository, and to headings in them, lead somewhere.</summary>
public sealed partial class LinkTests
{
    static readonly string[] Pages =
    [
        .. Files(".", SearchOption.TopDirectoryOnly),
        .. Files("docs", SearchOption.AllDirectories),
        .. Files("infra", SearchOption.AllDirectories),
        .. Readmes("src"),
        .. Readmes("tests"),
    ];

    [Fact]
    public void Links_OfEveryPage_LeadToAFileAndAHeading() => Assert.Empty(Pages.SelectMany(page =>
        Link()
            .Matches(Text(page))
            .Select(link => link.Groups[1].Value)
            .Where(link => !Leads(page, link))
            .Select(link => $"{page}: {link}")));

    [Fact]
    public void Pages_OfTheDocs_AreAllInTheirIndex()
    {
        string index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "README.md"));
        var names = Files("docs", SearchOption.TopDirectoryOnly).Select(Path.GetFileName).Where(name => name != "README.md");
        Assert.All(names, name => Assert.Contains($"]({name}): ", index, StringComparison.Ordinal));
    }

    static bool Leads(string page, string link)
    {
        string[] parts = link.Split('#');
        string file = parts[0].Length > 0 ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0])) : page;
        return parts.Length == 1
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && Heading().Matches(Text(file)).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    // As GitHub makes it of a heading.
    static string Anchor(string heading) => NotOfAnAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    static string Text(string page) => CodeBlock().Replace(File.ReadAllText(page), "");

    static string[] Files(string folder, SearchOption depth) =>
        Directory.GetFiles(Path.GetFullPath(Path.Combine(Repository.Root, folder)), "*.md", depth);

    static IEnumerable<string> Readmes(string folder) => Directory.GetDirectories(Path.Combine(Repository.Root, folder))
        .Select(project => Path.Combine(project, "README.md"))
        .Where(File.Exists);

    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotOfAnAnchor();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
