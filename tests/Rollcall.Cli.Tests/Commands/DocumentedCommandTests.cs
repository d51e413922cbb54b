using System.CommandLine;
using System.Text.RegularExpressions;
using Rollcall.Cli.Commands;
using Rollcall.Tests.Docs;

namespace Rollcall.Cli.Tests.Commands;

/// <summary>The commands that the documents tell a reader to type are commands of the program.</summary>
public sealed partial class DocumentedCommandTests
{
    public static TheoryData<string> Pages =>
        [
            "README.md",
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(
                page => Path.GetRelativePath(Repository.Root, page)),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_OfAPage_AreUnderstood(string page) => Assert.All(Commands(page), command =>
    {
        var parsed = CommandTree.Create().Parse(WordsOf(command), new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.True(parsed.Errors.Count == 0, $"{page}: {command}: {ParseErrors.Describe(parsed)}");
    });

    [Fact]
    public void Commands_OfTheRecipes_AreFound() => Assert.InRange(Commands("docs/recipes.md").Count, 20, 100);

    static List<string> Commands(string page) =>
    [
        .. CodeBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .SelectMany(block => Command().Matches(block.Value))
            .Select(command => command.Groups[1].Value),
    ];

    // The pages are written for a shell.
    static string[] WordsOf(string command) =>
    [
        .. Word().Matches(command).Select(word => Quoted().Replace(word.Value, quoted => quoted.Value[1..^1])),
    ];

    [GeneratedRegex("""(?:'[^']*'|"[^"]*"|[^\s'"])+""")]
    private static partial Regex Word();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?:^|^\$ |\$\()rollcall ((?:'[^'\n]*'|[^'|>)\n])*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
