namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>How a command ended.</summary>
sealed record CliResult(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void RequireExit(int code) =>
        Assert.True(ExitCode == code, $"The exit code is {ExitCode}, not {code}.\n{Output}\n{Errors}");
}
