using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Install;

public sealed class CompletionErrorTests
{
    [Theory]
    [InlineData("rollcall: Name a shell: bash, zsh, fish or pwsh.\n", "completion")]
    [InlineData("rollcall: <shell> is 'tcsh': bash, zsh, fish or pwsh is needed.\n", "completion", "tcsh")]
    public async Task Completion_NoShellThatItKnows_IsAUsageErrorThatNamesThem(string expected, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);

        result.RequireExit(2);
        Assert.Equal(("", expected), (result.Output, result.Errors));
    }

    [Theory]
    [InlineData("[suggest]")]
    [InlineData("[suggest:abc]")]
    [InlineData("[suggest:-1]")]
    [InlineData("[suggest:11]")]
    public async Task Suggest_PlaceThatIsNotInTheLine_IsAUsageError(string directive)
    {
        var result = await CliProcess.RunAsync(directive, "rollcall r");

        result.RequireError(2, "[suggest:N] takes the command line typed so far; N is the position of the cursor in it.");
    }

    [Theory]
    [InlineData("zsh", "compdef _rollcall rollcall")]
    [InlineData("fish", "complete -c rollcall")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName rollcall")]
    public async Task Completion_OfEachShell_IsItsScript(string shell, string expected)
    {
        var result = await CliProcess.RunAsync("completion", shell);

        result.RequireExit(0);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }
}
