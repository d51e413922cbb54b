using System.IO.Compression;
using System.Text.Json;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class SubmitTests : IAsyncLifetime
{
    LocalServer server = null!;
    GatedTarget target = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.StartAsync(new Dictionary<string, string>
        {
            ["Rollcall__Secrets__TOKEN"] = "the-secret-value",
            ["Rollcall__Secrets__TOKEN__Origins"] = "*",
            ["Rollcall__Secrets__ELSEWHERE"] = "the-secret-value",
            ["Rollcall__Secrets__ELSEWHERE__Origins"] = "https://api.example.com",
        });
        target = await GatedTarget.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        server.Dispose();
        await target.DisposeAsync();
    }

    [Fact]
    public async Task Submit_AFile_PrintsTheIdAloneAndSaysWhatIsNext()
    {
        using var folder = new RunFolder(items: 3);

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url);

        result.RequireExit(0);
        string id = Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"rollcall watch {id} --server {server.Url}", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        (await server.RunAsync("watch", id)).RequireExit(0);
        Assert.Equal(Enumerable.Range(0, 3).Select(RunFolder.Payload), target.Received.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Submit_Watch_GoesOnToTheEndWithTheIdAloneOnStandardOutput()
    {
        using var folder = new RunFolder(items: 3);

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "b1", "--watch");

        result.RequireExit(0);
        Assert.Equal("b1\n", result.Output);
        Assert.StartsWith("3 in, 3 out, 3 succeeded, sha256 ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_Json_WritesTheServersResponseAndThenEachStatus()
    {
        target.Status = 500;
        using var folder = new RunFolder(items: 3);

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--max-attempts", "1", "--watch", "--json");

        result.RequireExit(1);
        var lines = result.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        Assert.Equal(3, lines[0].GetProperty("items").GetInt64());
        Assert.All(lines, line => Assert.Equal(lines[0].GetProperty("id").GetString(), line.GetProperty("id").GetString()));
        Assert.Equal("completed", lines[^1].GetProperty("status").GetString());
        Assert.Equal(3, lines[^1].GetProperty("counts").GetProperty("failed").GetInt64());
    }

    [Fact]
    public async Task Submit_SameIdAgain_IsTheSameBatch()
    {
        using var folder = new RunFolder(items: 3);
        string[] arguments = ["submit", folder.Input, "--to", target.Url, "--batch-id", "b1", "--watch"];
        (await server.RunAsync(arguments)).RequireExit(0);

        (await server.RunAsync(arguments)).RequireExit(0);

        Assert.Equal(3, target.ReceivedInAll);
    }

    [Fact]
    public async Task Submit_SameIdWithOtherItems_SaysWhatDiffers()
    {
        using var folder = new RunFolder(items: 3);
        await server.SubmitAsync(folder.Input, target.Url, "--batch-id", "b1");
        folder.WriteInput("1");

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "b1");

        result.RequireExit(2);
        Assert.Equal(
            "rollcall: There is a batch 'b1' already, and it is another: the items are 3 in the batch, 1 in the request. Use another id.",
            Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Submit_StandardInputAndItemLines_KeepsTheIds()
    {
        using var cli = server.Begin("submit", "-", "--to", target.Url, "--input", "items", "--batch-id", "b1");
        await cli.WriteInputAsync("{\"id\":\"a1\",\"body\":{ \"x\": 1 }}\n{\"body\":2}");
        (await cli.WaitAsync()).RequireExit(0);
        (await server.RunAsync("watch", "b1")).RequireExit(0);

        var results = await server.RunAsync("results", "b1");

        results.RequireExit(0);
        Assert.Contains("\"id\":\"a1\"", results.Output, StringComparison.Ordinal);
        Assert.Contains("{ \"x\": 1 }", target.Received.Keys);
    }

    [Fact]
    public async Task Submit_CompressedCsvFile_SaysWhatItFoundAndSendsEachRow()
    {
        using var folder = new RunFolder();
        string input = Path.Combine(folder.Path, "a.csv.gz");
        await using (var gzip = new GZipStream(File.Create(input), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync("a,b\n1,007\n2,x\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        var result = await server.RunAsync(
            "submit", input, "--to", target.Url, "--batch-id", "b1", "--id", "b", "--csv-types", "string", "--watch");

        result.RequireExit(0);
        Assert.Equal($"{input}: comma-separated values.", result.ErrorLines[0]);
        Assert.Contains("{\"a\":\"1\",\"b\":\"007\"}", target.Received.Keys);
        Assert.Contains("\"id\":\"007\"", (await server.RunAsync("results", "b1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_CsvWithARequestForEachRow_SendsThoseRequests()
    {
        using var folder = new RunFolder();
        string input = Path.Combine(folder.Path, "a.csv");
        await File.WriteAllTextAsync(input, "id,name\n1,\u00c9\n", TestContext.Current.CancellationToken);

        (await server.RunAsync(
            "submit", input, "--to", target.Url + "?id={{id}}", "--query", "n={{name}}", "--body", "[\"{{name}}\"]", "-H", "X-Id: {{id}}",
            "--batch-id", "b1", "--watch")).RequireExit(0);

        Assert.Equal("[\"\u00c9\"]", Assert.Single(target.Received).Key);
        Assert.Equal("1", Assert.Single(target.Headers)["X-Id"]);
    }

    [Fact]
    public async Task Submit_Headers_ReachTheTargetAndTheSecretOnlyThere()
    {
        using var folder = new RunFolder(items: 1);

        var result = await server.RunAsync(
            "submit", folder.Input, "--to", target.Url, "-H", "X-Tenant: a b", "--secret-header", "Authorization: TOKEN", "--watch");

        result.RequireExit(0);
        var headers = Assert.Single(target.Headers);
        Assert.Equal("a b", headers["X-Tenant"]);
        Assert.Equal("the-secret-value", headers["Authorization"]);
    }

    [Theory]
    [InlineData("NOPE")]
    [InlineData("ELSEWHERE")]
    public async Task Submit_SecretThatMayNotGoToTheTarget_IsRefusedBeforeAnythingIsSent(string name)
    {
        using var folder = new RunFolder(items: 1);

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--secret-header", $"Authorization: {name}");

        result.RequireExit(2);
        Assert.Contains($"The server has no secret '{name}'.", result.Errors, StringComparison.Ordinal);
        Assert.Empty(target.Headers);
    }

    [Fact]
    public async Task Submit_Options_AreTheBatchs()
    {
        using var folder = new RunFolder(items: 1);
        await server.SubmitAsync(folder.Input, target.Url, "--batch-id", "b1");

        string[][] options =
        [
            ["--concurrency", "7", "--concurrency is 64 in the batch, 7 in the request."],
            ["--rate", "5", "--rate is null in the batch, 5 in the request."],
            ["--max-attempts", "2", "--max-attempts is 4 in the batch, 2 in the request."],
            ["--timeout", "1.5", "--timeout is 100 in the batch, 1.5 in the request."],
            ["--max-body-bytes", "99", "--max-body-bytes is 104857600 in the batch, 99 in the request."],
        ];
        foreach (string[] option in options)
        {
            var result = await server.RunAsync(["submit", folder.Input, "--to", target.Url, "--batch-id", "b1", .. option[..2]]);
            result.RequireExit(2);
            Assert.Contains($" {option[2]}", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Submit_SameIdWithMuchThatDiffers_SaysEachOnALine()
    {
        using var folder = new RunFolder(items: 3);
        await server.SubmitAsync(folder.Input, target.Url, "--batch-id", "b1");

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "b1",
            "--concurrency", "7", "-H", "X-A: 1");

        result.RequireExit(2);
        Assert.Equal(
            [
                "rollcall: There is a batch 'b1' already, and 2 things differ. Use another id.",
                "the header 'X-A' is in the request only.",
                "--concurrency is 64 in the batch, 7 in the request.",
            ],
            result.ErrorLines);
    }

    [Fact]
    public async Task Submit_LinesThatAreNotJson_NamesThem()
    {
        using var folder = new RunFolder();
        folder.WriteInput([.. Enumerable.Repeat("{bad", 25), "2"]);

        var result = await server.RunAsync("submit", folder.Input, "--to", target.Url, "--batch-id", "b1");

        result.RequireExit(2);
        Assert.Empty(result.Output);
        Assert.Equal("rollcall: 25 of 26 lines cannot be sent.", result.ErrorLines[0]);
        Assert.StartsWith("line 1 is not JSON: ", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.Equal("and 5 more.", result.ErrorLines[^1]);
        (await server.RunAsync("status", "b1")).RequireExit(2);
    }
}
