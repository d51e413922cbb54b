using System.CommandLine;
using Rollcall.Cli.Commands;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Tests.Commands;

public sealed class ManPageTests
{
    readonly RootCommand root = CommandTree.Create();
    readonly string page;

    public ManPageTests() => page = ManPage.Write(root);

    [Fact]
    public void ManPage_EveryCommand_HasASectionWithItsOptions()
    {
        foreach (var command in root.Subcommands)
        {
            string section = SectionOf(command.Name);
            Assert.Contains(Roff(command.Description!), section, StringComparison.Ordinal);
            Assert.All(command.Options, option => Assert.Contains(Roff(option.Name), section, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ManPage_OptionWithADefault_SaysIt() =>
        Assert.Contains("[default: 64]", SectionOf("run"), StringComparison.Ordinal);

    [Fact]
    public void ManPage_Text_IsAsciiAndHasNoRequestThatItDoesNotMean()
    {
        string[] requests = [".TH ", ".SH ", ".SS ", ".TP", ".B "];
        Assert.All(page, c => Assert.True(char.IsAscii(c), $"'{c}' is not ASCII."));
        Assert.All(
            page.Split('\n').Where(line => line.StartsWith('.') || line.StartsWith('\'')),
            line => Assert.Contains(requests, request => line.StartsWith(request, StringComparison.Ordinal)));
    }

    string SectionOf(string command) =>
        page.Split("\n.SH ").Single(section => section.StartsWith(command.ToUpperInvariant() + "\n", StringComparison.Ordinal));

    static string Roff(string text) =>
        text.Replace("-", "\\-", StringComparison.Ordinal).Replace("…", "\\[u2026]", StringComparison.Ordinal);
}
