namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class RunErrorTests
{
    [Fact]
    public async Task Run_LinesThatAreNotJson_NamesTheFirst20AndSendsNothing()
    {
        await using var target = await GatedTarget.StartAsync();
        using var folder = new RunFolder();
        folder.WriteInput(["{\"good\":1}", .. Enumerable.Repeat("{bad", 25), "", "2"]);

        var result = await CliProcess.RunAsync(folder.Run(target.Url));

        result.RequireExit(2);
        Assert.Equal(22, result.ErrorLines.Length);
        Assert.Contains("26 of 28 lines cannot be sent. Nothing was sent.", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{folder.Input}:2: the line is not JSON: ", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal("and 6 more lines.", result.ErrorLines[21]);
        Assert.Equal(0, target.ReceivedInAll);
        Assert.False(Directory.Exists(folder.State), "A state folder was left behind.");
        Assert.False(File.Exists(folder.Output));
    }

    [Theory]
    [InlineData("", "has no line")]
    [InlineData("\n\n", "has no line")]
    public async Task Run_EmptyFile_SaysSo(string content, string expected)
    {
        using var folder = new RunFolder();
        await File.WriteAllTextAsync(folder.Input, content, TestContext.Current.CancellationToken);

        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/"), expected);
        Assert.False(Directory.Exists(folder.State));
    }

    [Theory]
    [InlineData(
        "[{\"a\":1},{\"a\":2}]\n",
        "The input is one JSON array, and each line must be one payload. Its elements are read with --input json (input=json). ")]
    [InlineData("[\n  1,\n  2\n]\n", "The input is one JSON array over several lines, ")]
    [InlineData("PK\u0003\u0004\n\n", "The input is a zip file, as those of Excel (.xlsx) and Word are: ")]
    public async Task Run_InputOfAnotherKind_SaysWhatItIsAndSendsNothing(string content, string expected)
    {
        using var folder = new RunFolder();
        await File.WriteAllTextAsync(folder.Input, content, TestContext.Current.CancellationToken);

        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/"), expected);
        Assert.False(Directory.Exists(folder.State));
    }

    [Fact]
    public async Task Run_MissingFile_SaysSo()
    {
        using var folder = new RunFolder();
        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/"), $"The file '{folder.Input}' does not exist.");
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("example.com")]
    [InlineData("http://example.com/{{id")]
    [InlineData("http://user:password@example.com/")]
    public async Task Run_UrlThatCannotBeSentTo_SaysSo(string url)
    {
        using var folder = new RunFolder(items: 1);
        string errors = await RequireUsageErrorAsync(folder.Run(url), "URL");
        Assert.DoesNotContain("password@", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--concurrency", "0", "--concurrency is '0': a whole number from 1 to 10000 is needed.")]
    [InlineData("--concurrency", "many", "--concurrency")]
    [InlineData("--timeout", "-1", "--timeout is '-1': a number above 0 and up to 86400, seconds, is needed.")]
    [InlineData("--max-attempts", "101", "--max-attempts is '101'")]
    [InlineData("--max-body-bytes", "0", "--max-body-bytes is '0'")]
    [InlineData("-H", "no colon", "'Name: value'")]
    [InlineData("-H", "Content-Length: 3", "set by Rollcall itself")]
    [InlineData("-H", "Bad Name: x", "is not a header name")]
    [InlineData("--input", "words", "--input is 'words': lines, items, requests, json, csv, tsv or urls is needed.")]
    [InlineData("--unknown", "1", "--unknown")]
    public async Task Run_OptionOutOfRange_NamesItAndWhatIsAllowed(string option, string value, string expected)
    {
        using var folder = new RunFolder(items: 1);
        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/", option, value), expected);
    }

    [Theory]
    [InlineData("--out is empty", "run", "items.jsonl", "--to", "http://127.0.0.1:9/", "--out", "")]
    [InlineData("--state is empty", "run", "items.jsonl", "--to", "http://127.0.0.1:9/", "--state", "")]
    [InlineData("<items> is empty", "submit", "", "--to", "http://127.0.0.1:9/")]
    [InlineData("--out is empty", "results", "b1", "--out", "")]
    [InlineData("--out is empty", "receipt", "b1", "--out", "")]
    [InlineData("<results> is empty", "verify", "", "--receipt", "receipt.json")]
    [InlineData("--receipt is empty", "verify", "results.jsonl", "--receipt", "")]
    [InlineData("--items is empty", "verify", "results.jsonl", "--receipt", "receipt.json", "--items", "")]
    [InlineData("--keep is empty", "demo", "--keep", "")]
    [InlineData("--state is empty", "serve", "--state", "")]
    public async Task EveryCommand_EmptyPath_SaysSo(string expected, params string[] arguments) =>
        await RequireUsageErrorAsync(arguments, expected);

    [Fact]
    public async Task Run_OutputInAFolderThatIsNotThere_SaysSo()
    {
        using var folder = new RunFolder(items: 1);
        string output = Path.Combine(folder.Path, "no", "such", "results.jsonl");
        await RequireUsageErrorAsync(
            ["run", folder.Input, "--to", "http://127.0.0.1:9/", "--out", output],
            $"rollcall: The folder '{Path.GetDirectoryName(output)}' does not exist.");
        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_OutputOfSomethingElse_IsNotReplaced()
    {
        using var folder = new RunFolder(items: 1);
        await File.WriteAllTextAsync(folder.Output, "mine", TestContext.Current.CancellationToken);

        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/"), "already exists");
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_StateFolderOfSomethingElse_IsNotTouched()
    {
        using var folder = new RunFolder(items: 1);
        Directory.CreateDirectory(folder.State);
        await File.WriteAllTextAsync(Path.Combine(folder.State, "mine"), "", TestContext.Current.CancellationToken);

        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/"), "is not a state folder");
        await RequireUsageErrorAsync(folder.Run("http://127.0.0.1:9/", "--fresh"), "is not a state folder");
    }

    [Fact]
    public async Task Run_StateFolderInUse_IsRefusedAtOnce()
    {
        await using var target = await GatedTarget.StartAsync();
        target.HoldBeforeResponse();
        using var folder = new RunFolder(items: 1);
        using var first = CliProcess.Start(folder.Run(target.Url));
        await target.WaitForArrivalsAsync(1);

        await RequireUsageErrorAsync(folder.Run(target.Url), "Another rollcall run is using the state folder");

        target.Open();
        (await first.WaitAsync()).RequireExit(0);
        Assert.Equal(1, target.ReceivedInAll);
    }

    [Fact]
    public async Task Rollcall_WithoutACommand_SaysHowToGetHelp()
    {
        var result = await CliProcess.RunAsync();
        result.RequireExit(2);
        Assert.Contains("rollcall --help", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--max-attempts")]
    [InlineData("run", "--deadline")]
    [InlineData("run", "--max-failed")]
    [InlineData("run", "--max-failed-percent")]
    [InlineData("target", "--port")]
    [InlineData("demo", "--items")]
    public async Task Help_OfACommand_NamesItsOptions(string command, string option)
    {
        var result = await CliProcess.RunAsync(command, "--help");
        result.RequireExit(0);
        Assert.Contains(option, result.Output, StringComparison.Ordinal);
    }

    static async Task<string> RequireUsageErrorAsync(string[] arguments, string expected)
    {
        var result = await CliProcess.RunAsync(arguments);
        result.RequireError(2, expected);
        return result.Errors;
    }
}
