using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>The proxy of the environment.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("*")]
    [InlineData("127.0.0.0/8")]
    [InlineData("localhost,127.0.0.1")]
    public async Task Run_ToAHostThatIsBypassed_SendsNothingToTheProxy(string bypassed)
    {
        await using var proxy = Target.Start(Responses.With(502, "from the proxy"));
        await using var target = Target.Start(Responses.Echo);
        using var folder = new RunFolder(items: 1);

        using var cli = CliProcess.StartWith(
            new Dictionary<string, string> { ["http_proxy"] = proxy.Url, ["no_proxy"] = bypassed },
            folder.Run(target.Url, "-H", "Authorization: Bearer s3cret"));

        (await cli.WaitAsync()).RequireExit(0);
        Assert.Equal(0, proxy.ConnectionCount);
        Assert.Single(target.Requests);
    }

    [Fact]
    public async Task ProxyThatIsAway_IsNamedForATargetAndForAServer()
    {
        using var closed = new ClosedPort();
        string proxy = closed.Url.TrimEnd('/');
        string expected = $"The proxy {proxy} is not reachable: Connection refused";
        var variables = new Dictionary<string, string>
        {
            ["http_proxy"] = proxy.Replace("http://", "http://user:PW@", StringComparison.Ordinal),
            ["no_proxy"] = "",
        };
        using var folder = new RunFolder(items: 1);

        using var run = CliProcess.StartWith(variables, folder.Run("http://127.0.0.1:9/", "--max-wait", "0"));
        (await run.WaitAsync()).RequireExit(1);
        string message = Assert.Single(folder.ReadResults(1)).GetProperty("error").GetProperty("message").GetString()!;
        using var status = CliProcess.StartWith(variables, "status", "b1", "--server", "http://127.0.0.1:9");
        var result = await status.WaitAsync();

        result.RequireError(3, expected);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("PW", message + result.Errors, StringComparison.Ordinal);
    }
}
