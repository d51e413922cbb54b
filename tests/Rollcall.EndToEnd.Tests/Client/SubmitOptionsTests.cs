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
}
