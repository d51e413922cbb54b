using System.Globalization;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_ServerThatNeedsKeys_RespondsWithoutOne()
    {
        using var server = await LocalServer.StartAsync(
            new Dictionary<string, string> { ["ROLLCALL_KEYS"] = "a-key-of-at-least-32-characters-0123456789" });

        var result = await server.RunAsync("health");

        result.RequireExit(0);
        Assert.Matches(@"^The server responds: ok, version \d+\.\d+\.\d+\.\n$", result.Output);
    }

    [Fact]
    public async Task Health_NoServer_IsExitCode3()
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");

        var result = await CliProcess.RunAsync("health", "--server", url);

        result.RequireError(3, $"{url} cannot be reached");
    }
}
