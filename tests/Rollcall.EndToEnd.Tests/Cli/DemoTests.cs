namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_SlowAnswersOf2Megabytes_LosesNone()
    {
        for (int run = 0; run < 3; run++)
        {
            var result = await CliProcess.RunAsync("demo", "--items", "60", "--large-every", "1");

            result.RequireExit(0);
            Assert.StartsWith("60 in, 60 out, 60 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
            Assert.Contains("Checked: every answer is whole", result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Demo_MixedAnswers_LosesNone()
    {
        var result = await CliProcess.RunAsync("demo", "--items", "1200");

        result.RequireExit(0);
        Assert.StartsWith("1200 in, 1200 out, 1200 succeeded, sha256 ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Checked: every answer is whole", result.Errors, StringComparison.Ordinal);
    }
}
