namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Header values that are on no command line.</summary>
public sealed class SecretHeaderTests
{
    const string Secret = "s3cr3t-value";

    [Fact]
    public async Task Run_HeadersOfAFileAndOfTheEnvironment_AreSentAndInNoFileOfTheRun()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder(items: 1);
        string file = Path.Combine(folder.Path, "headers");
        await File.WriteAllTextAsync(file, $"X-A: {Secret}-a\r\n\r\nX-B: {Secret}: b\n", TestContext.Current.CancellationToken);

        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["TOKEN"] = $"Bearer {Secret}" },
            folder.Run(target.Url, "-H", "@" + file, "--header-env", "Authorization=TOKEN", "-H", "X-C: c"));
        var result = await cli.WaitAsync();

        result.RequireExit(0);
        var headers = Assert.Single(target.Headers);
        Assert.Equal(
            ($"{Secret}-a", $"{Secret}: b", "c", $"Bearer {Secret}"),
            (headers["X-A"], headers["X-B"], headers["X-C"], headers["Authorization"]));
        Assert.DoesNotContain(Secret, result.Output + result.Errors, StringComparison.Ordinal);
        foreach (string path in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Where(path => path != file))
        {
            Assert.DoesNotContain(
                Secret,
                await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("the environment variable for the header 'X-A' is not set or is empty.", "--header-env", $"X-A={Secret}")]
    [InlineData("the environment variable for the header 'X-A' is not set or is empty.", "--header-env", "X-A=EMPTY")]
    [InlineData("one has no '='", "--header-env", Secret)]
    [InlineData("The header 'x-b' is given twice.", "-H", "x-b: 1", "--header-env", "X-B=TOKEN", "-H", "x-b: 2")]
    [InlineData("The header file '/no/such' cannot be read: No such file or directory.", "-H", "@/no/such")]
    [InlineData("headers:2: A header must be 'Name: value'; one has no colon.", "-H", "@headers")]
    public async Task EveryCommandThatSends_HeaderThatIsNone_IsUsageWithoutAValue(string expected, params string[] options)
    {
        using var folder = new RunFolder(items: 1);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "headers"), $"X-A: 1\n{Secret}\n", TestContext.Current.CancellationToken);
        foreach (string[] command in new string[][] { ["run"], ["submit", "--server", "http://127.0.0.1:9"] })
        {
            using var cli = CliProcess.StartShell(
                $"""cd "$0"; TOKEN={Secret} EMPTY= exec "$@" """,
                folder.Path,
                [command[0], folder.Input, "--to", "http://127.0.0.1:9/", .. command[1..], .. options]);
            var result = await cli.WaitAsync();

            result.RequireError(2, expected);
            Assert.DoesNotContain(Secret, result.Errors, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder.State), "A state folder was left behind.");
    }

    [Fact]
    public async Task Submit_ToAServerThatIsAway_RepeatsTheCommandWithoutWhatIsSecretInIt()
    {
        using var port = new Rollcall.Targets.ClosedPort();
        using var folder = new RunFolder(items: 1);
        string[] secrets =
        [
            "--to",
            $"http://127.0.0.1:9/?key={Secret}",
            "--key",
            Secret,
            "-H",
            $"A: {Secret}",
            $"--header=B: {Secret}",
            "--secret-header",
            $"C: {Secret}",
            "--webhook", $"http://127.0.0.1:9/{Secret}", "--webhook-secret", Secret,
        ];

        var result = await CliProcess.RunAsync(["submit", folder.Input, "--server", port.Url, .. secrets]);

        result.RequireError(3, "cannot be reached");
        Assert.DoesNotContain(Secret, result.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "--to 'http://127.0.0.1:9/?…' --key '…' -H '…' --header '…' --secret-header '…' --webhook '…' --webhook-secret '…' "
                + "--batch-id ",
            result.Errors,
            StringComparison.Ordinal);
    }
}
