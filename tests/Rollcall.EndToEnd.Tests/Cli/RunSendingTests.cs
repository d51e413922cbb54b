using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class RunSendingTests
{
    [Fact]
    public async Task Run_FollowRedirects_SendsToWhereTheTargetLeadsWithoutTheHeaders()
    {
        await using var elsewhere = Target.Start(Responses.Echo);
        await using var target = Target.Start(Responses.Redirect(307, elsewhere.Url));
        using var folder = new RunFolder(items: 3);

        var result = await CliProcess.RunAsync(
            folder.Run(target.Url, "--follow-redirects", "-H", "X-Key: abc", "-H", "Content-Type: text/x"));

        result.RequireExit(0);
        folder.RequireEveryResponse(3, 0);
        Assert.All(target.Requests, request => Assert.Equal("abc", request.Headers["X-Key"]));
        Assert.Equal(3, elsewhere.Requests.Count);
        Assert.All(elsewhere.Requests, request => Assert.False(request.Headers.ContainsKey("X-Key")));
        Assert.All(elsewhere.Requests, request => Assert.Equal("text/x", request.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Run_WithoutFollowRedirects_HasARedirectAsAFailure()
    {
        await using var target = Target.Start(Responses.Redirect(307, "/next"));
        using var folder = new RunFolder(items: 1);

        (await CliProcess.RunAsync(folder.Run(target.Url))).RequireExit(1);

        Assert.Equal("redirect", Assert.Single(folder.ReadResults(1)).GetProperty("error").GetProperty("code").GetString());
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task Run_NoRetryTimeouts_SendsAnItemThatRanOutOfTimeOnce()
    {
        await using var target = Target.Start(Faults.NeverRespond);
        using var folder = new RunFolder(items: 1);

        (await CliProcess.RunAsync(folder.Run(target.Url, "--timeout", "3", "--no-retry-timeouts"))).RequireExit(1);

        Assert.Equal("timeout", Assert.Single(folder.ReadResults(1)).GetProperty("error").GetProperty("code").GetString());
        Assert.Single(target.Requests);
    }
}
