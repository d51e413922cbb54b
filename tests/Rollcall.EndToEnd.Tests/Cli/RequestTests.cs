using System.Text;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Requests that are made of the items' fields, against a real server.</summary>
public sealed class RequestTests : IDisposable
{
    const string Rows = "customer_id,name,plan\n00123,\"Ann \"\"A\"\" Lee\",gold\nC 2,Bo,\n";

    readonly RunFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_CsvWithAPutForEachRow_IsOneCommandAndResumesAndIsProven()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = await WriteAsync("customers.csv", Rows);
        string body = await WriteAsync("customer.json", """{"name":"{{name}}","plan":{{ plan | json }}}""");
        string[] made = [
            "--to", $"{target.Url}customers/{{{{customer_id}}}}", "-X", "PUT", "--body-file", body, "-H", "X-Plan: p-{{plan}}"];
        string[] command =
        [
            "run", input, .. made, "--header-env", "Authorization=TOKEN", "--out", folder.Output, "--id", "customer_id", "-c", "1",
        ];
        var environment = new Dictionary<string, string> { ["TOKEN"] = "Bearer s3cr3t" };

        using var run = CliProcess.StartWith(environment, command);
        var first = await run.WaitAsync();
        first.RequireExit(0);
        Assert.Contains($"First request: PUT {target.Url}customers/00123\n", first.Errors, StringComparison.Ordinal);

        Assert.Equal(
            ["PUT /customers/00123 HTTP/1.1", "PUT /customers/C%202 HTTP/1.1"],
            target.Requests.Select(request => request.RequestLine));
        Assert.Equal(
            ["""{"name":"Ann \"A\" Lee","plan":"gold"}""", """{"name":"Bo","plan":""}"""],
            target.Requests.Select(request => Encoding.UTF8.GetString(request.Body.Span)));
        Assert.All(target.Requests, request => Assert.Equal("Bearer s3cr3t", request.Headers["Authorization"]));
        Assert.Equal(["p-gold", "p-"], target.Requests.Select(request => request.Headers["X-Plan"]));
        Assert.Equal(["00123", "C 2"], folder.ReadResults(2).Select(line => line.GetProperty("id").GetString()!));

        using var again = CliProcess.StartWith(environment, command);
        (await again.WaitAsync()).RequireExit(0);
        Assert.Equal(2, target.Requests.Count);

        string[] verify =
        [
            "verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"), "--items", input, "--id", "customer_id",
        ];
        (await CliProcess.RunAsync([.. verify, .. made])).RequireExit(0);
        (await CliProcess.RunAsync(verify)).RequireExit(1);

        await File.WriteAllTextAsync(body, """{"name":"{{name}}"}""", Cancelled);
        using var other = CliProcess.StartWith(environment, command);
        var refused = await other.WaitAsync();
        refused.RequireExit(2);
        Assert.StartsWith(
            $"rollcall: --body makes other requests than in the run in '{folder.State}'. A run's items and target cannot change: ",
            refused.ErrorLines[^1],
            StringComparison.Ordinal);
        Assert.Equal(2, target.Requests.Count);
    }

    [Fact]
    public async Task Run_ResumedWithAnotherTemplateOrInput_SaysTheFirstDifference()
    {
        await using var target = Target.Start(Responses.With(500, "no"));
        string input = await WriteAsync("customers.csv", Rows);
        string[] limits = ["--max-attempts", "1", "--max-failed", "0", "-c", "1"];
        string[] run = ["run", input, "--to", $"{target.Url}c", "--out", folder.Output, .. limits];
        (await CliProcess.RunAsync([.. run, "--query", "key={{customer_id}}", "--body", "{\"p\":{{ plan | json }}}"])).RequireExit(1);

        await RequireAsync(
            $"--query, --body make other requests than in the run in '{folder.State}': item 0 is POST {target.Url}c?… with another query.",
            [.. run, "--query", "key={{name}}", "--body", "{}"]);
        await RequireAsync(
            $"--body makes other requests than in the run in '{folder.State}': the body of item 0 had '{{\"p\":\"gold\"}}', now it has "
            + "'{\"p\":\"Gold\"}' at byte 7.",
            [.. run, "--query", "key={{customer_id}}", "--body", "{\"p\":{{ plan | capitalize | json }}}"]);
        await WriteAsync("customers.csv", Rows.Replace("Bo,", "Bo,iron", StringComparison.Ordinal));
        await RequireAsync(
            $"'{input}' has other items than the run in '{folder.State}', although equally many: the body of item 1 had '{{\"p\":\"\"}}', "
            + "now it has '{\"p\":\"iron\"}' at byte 7.",
            [.. run, "--query", "key={{customer_id}}", "--body", "{\"p\":{{ plan | json }}}"]);
    }

    static async Task RequireAsync(string expected, string[] command)
    {
        var result = await CliProcess.RunAsync(command);
        result.RequireExit(2);
        Assert.StartsWith(
            $"rollcall: {expected} A run's items and target cannot change: ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KilledWhileItsRequestsAreInFlight_SendsTheSameRequestsAgain()
    {
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = Target.Start(
            (request, connection) => holding.Task.IsCompleted ? Responses.Echo(request, connection) : holding.Task);
        string input = await WriteAsync("customers.csv", Rows);
        string[] command =
        [
            "run", input, "--to", $"{target.Url}c/{{{{customer_id}}}}", "-X", "PATCH", "--form", "n={{name}}", "-H", "X-P: p-{{plan}}",
            "--out", folder.Output,
        ];
        using (var run = CliProcess.Start(command))
        {
            await Eventually.BeTrueAsync(
                "both requests are there", TimeSpan.FromMinutes(1), () => Task.FromResult(target.Requests.Count == 2));
            await run.KillAsync();
        }

        holding.SetResult();
        (await CliProcess.RunAsync(command)).RequireExit(0);

        var sent = target.Requests.ToLookup(
            request => request.Headers["Idempotency-Key"],
            request => (
                request.RequestLine, request.Headers["X-P"], request.Headers["Content-Type"], Encoding.UTF8.GetString(request.Body.Span)));
        Assert.Equal(2, sent.Count);
        Assert.All(sent, item => Assert.Equal(item.First(), Assert.Single(item.Skip(1))));
    }

    [Fact]
    public async Task DryRun_OfACsv_ShowsTheRequestsWithoutSecretsAndSendsNothing()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = await WriteAsync("customers.csv", Rows);

        var result = await CliProcess.RunAsync(
            "run", input, "--to", $"{target.Url}c/{{{{customer_id}}}}", "-X", "PUT", "-H", "Authorization: s3cr3t", "--dry-run", "1");

        result.RequireExit(0);
        Assert.StartsWith($"PUT {target.Url}c/00123\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Authorization: ***\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("""{"customer_id":"00123","name":"Ann \"A\" Lee","plan":"gold"}""", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("C%202", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Equal("2 items. Nothing was sent.", result.ErrorLines[^1]);
        Assert.Empty(target.Requests);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "results.jsonl.rollcall")));
    }

    [Fact]
    public async Task Run_ListOfUrls_GetsEachWithoutATarget()
    {
        await using var target = Target.Start(Responses.With(200, "here"));
        string input = await WriteAsync("urls.txt", $"{target.Url}a?x=1\n{target.Url}b\n");

        (await CliProcess.RunAsync("run", input, "--out", folder.Output, "-c", "1")).RequireExit(0);

        Assert.Equal(["GET /a?x=1 HTTP/1.1", "GET /b HTTP/1.1"], target.Requests.Select(request => request.RequestLine));
        Assert.All(folder.ReadResults(2), line => Assert.Equal("here", line.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Run_BatchFileOfOpenAi_IsSentAsItIs()
    {
        await using var target = Target.Start(Responses.Echo);
        const string Line = """{"custom_id":"request-1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","n":1}}""";
        string input = await WriteAsync("openai-batch.jsonl", Line + "\n");

        (await CliProcess.RunAsync("run", input, "--to", target.Url, "--out", folder.Output)).RequireExit(0);

        var request = Assert.Single(target.Requests);
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.RequestLine);
        Assert.Equal("""{"model":"m","n":1}""", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal("request-1", Assert.Single(folder.ReadResults(1)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Run_FormWithAFileOfEachRow_IsMultipart()
    {
        await using var target = Target.Start(Responses.Echo);
        string input = await WriteAsync("scans.csv", "id,title\n7,A\n");
        await WriteAsync("7.pdf", "%PDF-bytes");

        (await CliProcess.RunAsync(
            "run", input, "--to", target.Url, "--form", "title={{title}}", "--form", $"scan=@{folder.Path}/{{{{id}}}}.pdf",
            "--out", folder.Output)).RequireExit(0);

        var request = Assert.Single(target.Requests);
        Assert.StartsWith("multipart/form-data; boundary=", request.Headers["Content-Type"], StringComparison.Ordinal);
        string body = Encoding.UTF8.GetString(request.Body.Span);
        Assert.Contains("name=\"title\"\r\n\r\nA\r\n", body, StringComparison.Ordinal);
        Assert.Contains(
            "filename=\"7.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n%PDF-bytes\r\n",
            body,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv:2: the line has no value for {{nam}}.", "--to", "http://127.0.0.1:9/{{nam}}")]
    [InlineData("The target's URL is not a template", "--to", "http://127.0.0.1:9/{{id")]
    [InlineData("--to is missing: the http or https URL to send to is needed.")]
    [InlineData("--method is 'put'", "--to", "http://127.0.0.1:9/", "-X", "put")]
    [InlineData("An environment variable can stand in a header only", "--to", "http://127.0.0.1:9/{{env.TOKEN}}")]
    [InlineData("both an environment variable", "--to", "http://127.0.0.1:9/", "-H", "X: {{env.HOME}} {{id}}")]
    [InlineData("--form and a body are both given", "--to", "http://127.0.0.1:9/", "--form", "a=1", "--body", "1")]
    [InlineData("--form must be 'name=value'", "--to", "http://127.0.0.1:9/", "--form", "a")]
    [InlineData("and there is none.", "--to", "http://127.0.0.1:9/", "--text")]
    [InlineData("The file 'no-such", "--to", "http://127.0.0.1:9/", "--body-file", "no-such")]
    public async Task Run_RequestThatCannotBeMade_IsAUsageErrorAndLeavesNothing(string expected, params string[] options)
    {
        string input = await WriteAsync("a.csv", "id,name\n1,A\n");
        var result = await CliProcess.RunAsync(["run", input, "--out", folder.Output, .. options]);
        result.RequireExit(2);
        Assert.Contains(expected.Replace("The file", "the file", StringComparison.Ordinal), result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.State), "A state folder was left behind.");
    }

    async Task<string> WriteAsync(string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        await File.WriteAllTextAsync(path, text, Cancelled);
        return path;
    }
}
