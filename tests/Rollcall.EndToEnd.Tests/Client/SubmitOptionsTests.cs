using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class SubmitOptionsTests
{
    [Fact]
    public async Task Submit_FollowRedirectsAndNoRetryTimeouts_AreTheBatchsOptions()
    {
        await using var target = Target.StartSequence(Responses.Redirect(307, "/next"), Faults.NeverRespond);
        using var server = await LocalServer.StartAsync();
        using var folder = new RunFolder(items: 1);

        (
            await server.RunAsync(
                "submit",
                folder.Input,
                "--to",
                target.Url,
                "--batch-id",
                "b1",
                "--follow-redirects",
                "--timeout",
                "5",
                "--no-retry-timeouts",
                "--watch")).RequireExit(1);

        (await server.RunAsync("results", "b1", "--out", folder.Output)).RequireExit(0);
        using var line = JsonDocument.Parse(await File.ReadAllTextAsync(folder.Output, TestContext.Current.CancellationToken));
        Assert.Equal("timeout", line.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(["POST / HTTP/1.1", "POST /next HTTP/1.1"], target.Requests.Select(request => request.RequestLine));
    }

    [Fact]
    public async Task Submit_UrlsWithoutTo_AreSentWhereTheySay()
    {
        await using var echo = Target.Start(Responses.Echo);
        using var server = await LocalServer.StartAsync();
        using var folder = new RunFolder(items: 1);
        string urls = Path.Combine(folder.Path, "urls.txt");
        await File.WriteAllTextAsync(urls, $"{echo.Url}a\n{echo.Url}b\n", TestContext.Current.CancellationToken);

        var submitted = await server.RunAsync("submit", urls);
        var lines = await server.RunAsync("submit", folder.Input);

        submitted.RequireExit(0);
        (await server.RunAsync("watch", submitted.Output.TrimEnd('\n'))).RequireExit(0);
        Assert.Equal(
            ["GET /a HTTP/1.1", "GET /b HTTP/1.1"],
            echo.Requests.Select(request => request.RequestLine).Order(StringComparer.Ordinal));
        lines.RequireError(2, "--to is missing: the http or https URL to send to is needed.");
    }
}
