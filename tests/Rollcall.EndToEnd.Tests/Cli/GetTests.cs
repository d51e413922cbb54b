using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary><c>rollcall get</c>, the short form of <c>rollcall run</c> for a list of URLs.</summary>
public sealed class GetTests : IDisposable
{
    readonly RunFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Get_UrlsOfStandardInput_RequestsEachOnceAndRunResumesIt()
    {
        await using var target = Target.Start(Responses.Echo);
        string urls = $"{target.Url}a?n=1\n/b\n";
        string[] options = ["-", "--to", target.Url, "--query", "q=x y", "--limit", "2", "-c", "1", "--out", folder.Output];
        (await CliProcess.RunWithInputAsync(urls, ["get", .. options])).RequireExit(0);
        (await CliProcess.RunWithInputAsync(urls, ["run", "--input", "urls", "-X", "GET", .. options])).RequireExit(0);
        (await CliProcess.RunWithInputAsync(urls, ["run", "--input", "urls", .. options])).RequireExit(0);
        (await CliProcess.RunWithInputAsync(urls, ["run", "--input", "urls", "-X", "HEAD", .. options])).RequireError(
            2, $"--method is HEAD, but the run in '{folder.State}' has GET. ");

        Assert.Equal(
            ["GET /a?n=1&q=x%20y HTTP/1.1", "GET /b?q=x%20y HTTP/1.1"], target.Requests.Select(request => request.RequestLine));
        Assert.All(target.Requests, request => Assert.True(request.Body.IsEmpty));
        folder.ReadResults(2);
    }

    [Fact]
    public async Task Get_RelativeUrlWithoutTo_IsAnErrorWithItsLine()
    {
        await File.WriteAllTextAsync(folder.Input, "http://127.0.0.1:9/\n/b?key=s3cr3t\n", TestContext.Current.CancellationToken);
        var result = await CliProcess.RunAsync("get", folder.Input, "--out", folder.Output);
        result.RequireExit(2);
        Assert.Equal(
            $"{folder.Input}:2: the line has the relative URL '/b?…', and there is no --to (target.url) to resolve it against.",
            result.ErrorLines[^1]);
    }

    [Theory]
    [InlineData("-X", "POST")]
    [InlineData("--input", "lines")]
    [InlineData("--body", "x")]
    [InlineData("--id", "x")]
    public async Task Get_OptionForAnotherInputOrRequest_IsAUsageError(string option, string value)
    {
        var result = await CliProcess.RunAsync("get", folder.Input, option, value);
        result.RequireExit(2);
        Assert.Equal(
            $"rollcall: '{option}' is not an option of 'rollcall get'. See 'rollcall get --help'.", Assert.Single(result.ErrorLines));
    }
}
