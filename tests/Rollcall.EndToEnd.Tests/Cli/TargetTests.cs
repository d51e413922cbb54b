using System.Net;
using System.Text;

namespace Rollcall.EndToEnd.Tests.Cli;

public sealed class TargetTests : IAsyncLifetime
{
    readonly HttpClient client = new();
    CliProcess? cli;
    string url = "";

    public async ValueTask InitializeAsync()
    {
        cli = CliProcess.Start("target", "--port", "0");
        string line = await cli.WaitForOutputAsync("Listening on ");
        url = line.Split(' ')[2];
    }

    public ValueTask DisposeAsync()
    {
        cli!.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Target_PlainPost_EchoesTheBytes()
    {
        var response = await PostAsync("", "{ \"a\" : 1 }");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{ \"a\" : 1 }", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Target_Query_DecidesLengthPiecesAndStatus()
    {
        var response = await PostAsync("?bytes=5000&chunks=5&gapMs=1&status=503&delayMs=1", "{\"a\":1}");
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(5000, body.Length);
        Assert.StartsWith("{\"echo\":{\"a\":1},\"pad\":\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_QueryOutOfRange_IsABadRequestThatSaysWhatIsAllowed()
    {
        var response = await PostAsync("?chunks=0", "1");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "chunks is '0': a whole number from 1 to",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_PortInUse_IsAUsageError()
    {
        var result = await CliProcess.RunAsync(
            "target",
            "--port",
            new Uri(url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        result.RequireExit(2);
        Assert.Contains("Cannot listen on", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_CtrlC_EndsCleanly()
    {
        cli!.Interrupt();
        (await cli.WaitAsync()).RequireExit(0);
    }

    async Task<HttpResponseMessage> PostAsync(string query, string payload)
    {
        using var content = new StringContent(payload, Encoding.UTF8, "application/json");
        return await client.PostAsync(new Uri(url + query), content, TestContext.Current.CancellationToken);
    }
}
