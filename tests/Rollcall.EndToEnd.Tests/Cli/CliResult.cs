namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>How a command ended.</summary>
sealed record CliResult(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Requires that it ended with nothing but one line that says what is wrong.</summary>
    public void RequireError(int code, string expected)
    {
        RequireExit(code);
        Assert.Empty(Output);
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith("rollcall: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    public void RequireExit(int code) =>
        Assert.True(ExitCode == code, $"The exit code is {ExitCode}, not {code}.\n{Output}\n{Errors}");
}
