namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_SlowResponsesOf2Megabytes_LosesNone()
    {
        for (int run = 0; run < 3; run++)
        {
            var result = await CliProcess.RunAsync("demo", "--items", "60", "--large-every", "1");

            result.RequireExit(0);
            Assert.StartsWith("60 in, 60 out, 60 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
            Assert.Contains("Checked: every response is complete", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Demo_FolderThatIsNotEmpty_IsNotTouched()
    {
        using var folder = new RunFolder();
        folder.WriteInput("mine");

        (await CliProcess.RunAsync("demo", "--items", "10", "--keep", folder.Path)).RequireError(
            2,
            $"The folder '{folder.Path}' is not empty. Choose another one with --keep.");

        Assert.Equal(["mine"], await File.ReadAllLinesAsync(folder.Input, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Demo_FolderThatIsNotThere_IsMadeAndHoldsWhatWasSentAndWhatCame()
    {
        using var folder = new RunFolder();
        string kept = Path.Combine(folder.Path, "kept");

        (await CliProcess.RunAsync("demo", "--items", "10", "--keep", kept)).RequireExit(0);

        Assert.Equal(
            ["items.jsonl", "results.jsonl", "results.jsonl.rollcall"],
            Directory.GetFileSystemEntries(kept).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Demo_CtrlC_DoesNotSayThatItCanGoOn()
    {
        using var demo = CliProcess.Start("demo", "--items", "30000", "--large-every", "1");
        await demo.WaitForErrorAsync(" of 30,000");

        demo.Interrupt();
        var result = await demo.WaitAsync();

        result.RequireExit(3);
        Assert.Matches("^rollcall: Stopped. [0-9]+ of 30000 items are recorded.$", result.ErrorLines[^1]);
    }

    [Fact]
    public async Task Demo_MixedResponses_LosesNone()
    {
        var result = await CliProcess.RunAsync("demo", "--items", "1200");

        result.RequireExit(0);
        Assert.StartsWith("1200 in, 1200 out, 1200 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Checked: every response is complete", result.Errors, StringComparison.Ordinal);
    }
}
