using System.IO.Compression;
using Rollcall.EndToEnd.Tests.Functions.Hosting;

namespace Rollcall.EndToEnd.Tests.Install;

public sealed class ToolTests(InstalledTool tool) : IClassFixture<InstalledTool>
{
    [Fact]
    public async Task Tool_InstalledFromThePackedFolder_RunsTheReadmesFirstExample()
    {
        string example = Readme.Commands("Try it")[0];
        Assert.StartsWith("rollcall ", example, StringComparison.Ordinal);

        // As it stands in the README it sends 30,000 items.
        var result = await tool.ShellAsync($"{example} --items 1000");

        result.RequireExit(0);
        Assert.Contains("1000 in, 1000 out, 1000 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_OfTheTool_IsTheVersionAndTheCommit()
    {
        var result = await tool.ShellAsync("rollcall --version");

        // A build without git knows no commit. In a worktree .git is a file.
        string commit = Path.Exists(Path.Combine(Repository.Root, ".git")) ? @" \([0-9a-f]{7}\)" : "";
        result.RequireExit(0);
        Assert.Matches($@"^rollcall \d+\.\d+\.\d+{commit}\n$", result.Output);
    }

    [Theory]
    [InlineData("rollcall re", "redrive results retry resume receipt")]
    [InlineData("rollcall run items.jsonl --max-fa", "--max-failed --max-failed-percent")]
    [InlineData("rollcall results a1 --format ", "csv jsonl")]
    [InlineData("rollcall completion ", "bash fish pwsh zsh")]
    [InlineData("rollcall run ", "")]
    public async Task Completion_InBash_OffersWhatCanFollow(string typed, string expected)
    {
        string current = typed.Split(' ')[^1];
        var result = await tool.ShellAsync(
            $"""
            source <(rollcall completion bash)
            complete -p rollcall >&2
            COMP_LINE='{typed} --later' COMP_POINT={typed.Length} COMP_WORDS=({typed} '{current}')
            _rollcall rollcall '{current}' ''
            printf '%s\n' "$COMPREPLY[@]"
            """.Replace("$COMPREPLY[@]", "${COMPREPLY[@]}", StringComparison.Ordinal));

        result.RequireExit(0);
        Assert.Contains("-F _rollcall rollcall", result.Errors, StringComparison.Ordinal);
        string[] offered = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            offered.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Rollcall.0.*.nupkg")]
    [InlineData("Rollcall.Sqlite.*.nupkg")]
    public void Package_HasItsReadme(string pattern)
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(tool.Packages, pattern)));
        using var specification = new StreamReader(
            package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());

        Assert.Contains("<readme>README.md</readme>", specification.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(package.GetEntry("README.md")!.Length > 0);
    }
}
