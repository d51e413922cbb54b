using System.Globalization;
using System.Net;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>The addresses that <c>rollcall serve</c> listens on.</summary>
public sealed class ServeErrorTests
{
    [Fact]
    public async Task Serve_AddressThatIsNotOfThisMachine_IsOneLine()
    {
        using var folder = new RunFolder();

        // Of a network that is for documentation alone.
        using var server = CliProcess.StartWith(
            new Dictionary<string, string> { ["ROLLCALL_KEYS"] = "key" },
            "serve", "--state", folder.State, "--host", "203.0.113.1", "--port", "0");
        var result = await server.WaitAsync();

        result.RequireError(2, "Cannot listen on port 0 of 203.0.113.1: ");
        Assert.EndsWith(
            ". Choose another port with --port, or another address with --host.",
            result.ErrorLines[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_IsOneLine()
    {
        using var server = await LocalServer.StartAsync();
        using var folder = new RunFolder();
        string port = new Uri(server.Url).Port.ToString(CultureInfo.InvariantCulture);

        (await CliProcess.RunAsync("serve", "--state", folder.State, "--port", port)).RequireError(
            2,
            $"Cannot listen on port {port} of 127.0.0.1: ");
        (await CliProcess.RunAsync("target", "--port", port)).RequireError(2, $"Cannot listen on port {port}: ");
    }

    [Fact]
    public async Task Serve_OnALoopbackAddressOfItsOwn_RespondsThereAndToNoOtherName()
    {
        using var folder = new RunFolder();
        using var server = CliProcess.Start("serve", "--state", folder.State, "--host", "127.0.0.2", "--port", "0");
        string url = (await server.WaitForOutputAsync("Listening on ")).Split(' ')[2];
        using var http = new HttpClient();
        using var asAnother = new HttpRequestMessage(HttpMethod.Get, $"{url}/api/health") { Headers = { Host = "rebound.example" } };

        Assert.Equal(
            HttpStatusCode.OK,
            (await http.GetAsync(new Uri($"{url}/api/health"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.SendAsync(asAnother, TestContext.Current.CancellationToken)).StatusCode);
    }
}
