using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ServerErrorTests
{
    const string Key = "s3cr3t-key";

    [Theory]
    [InlineData(500, "text/html", "<html>boom</html>", 3, "responded 500 Internal Server Error, but not like a Rollcall server")]
    [InlineData(404, "text/html", "<html>what?</html>", 2, "responded 404 Not Found, but not like a Rollcall server")]
    [InlineData(502, "application/problem+json", "{\"detail\":\"No\\nworker.\"}", 3, "responded 502 Bad Gateway: No worker.")]
    [InlineData(503, "application/problem+json", "{}", 3, "responded 503 Service Unavailable: No reason was given.")]
    [InlineData(400, "application/problem+json", "{\"detail\":\"Not so.\"}", 2, "rollcall: Not so.")]
    [InlineData(429, "application/problem+json", "{\"detail\":\"Slower.\"}", 3, "responded 429 Too Many Requests: Slower.")]
    [InlineData(401, "application/json", "{}", 2, "requires a key (401 Unauthorized). Give it with --key")]
    [InlineData(403, "text/html", "", 2, "requires a key (403 Forbidden). Give it with --key")]
    [InlineData(500, "application/problem+json", "{\"detail\":", 3, "does not respond like a Rollcall server")]
    [InlineData(200, "text/html", "<html>hello</html>", 3, "does not respond like a Rollcall server")]
    [InlineData(200, "application/json", "{\"hello\":1}", 3, "does not respond like a Rollcall server")]
    [InlineData(200, "application/json", "null", 3, "does not respond like a Rollcall server")]
    [InlineData(200, "application/json", "{\"id\":\"b1\",\"sta", 3, "does not respond like a Rollcall server")]
    public async Task EveryCommand_ResponseThatIsNoSuccess_IsOneLineAndAnExitCode(
        int status, string type, string body, int exitCode, string expected)
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.WriteAsync(context, type, body, status));
        using var folder = new RunFolder(items: 1);
        string[][] commands =
        [
            ["list"],
            ["status", "b1"],
            ["watch", "b1"],
            ["results", "b1", "--out", folder.Output],
            ["receipt", "b1"],
            ["cancel", "b1"],
            ["pause", "b1"],
            ["resume", "b1"],
            ["redrive", "b1"],
            ["change", "b1", "-c", "2"],
            ["submit", folder.Input, "--to", "http://127.0.0.1:9/"],
        ];
        foreach (string[] command in commands)
        {
            var result = await server.RunAsync(command);
            result.RequireExit(exitCode);
            Assert.Empty(result.Output);
            string line = Assert.Single(result.ErrorLines);
            Assert.StartsWith("rollcall: ", line, StringComparison.Ordinal);
            Assert.Contains(expected, line, StringComparison.Ordinal);
        }

        Assert.Equal([folder.Input], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Submit_ProblemWithErrors_HasEachOnALineAfterTheFirst()
    {
        const string Body = """
            {"detail":"The request has 9 errors.","errorCount":9,"errors":[{"pointer":"/options/x","message":"is\nnot known."},
             {"pointer":"","message":"is wrong."},
             {"parameter":"to","message":"is missing."},{"header":"X-A","message":"is empty."},{"line":3,"message":"is not JSON."}]}
            """;
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.WriteAsync(context, "application/problem+json", Body, 400));
        using var folder = new RunFolder(items: 1);

        var result = await server.RunAsync("submit", folder.Input, "--to", "http://127.0.0.1:9/");

        result.RequireExit(2);
        Assert.Equal(
            [
                "rollcall: The request has 9 errors.",
                "/options/x is not known.",
                "The request is wrong.",
                "--to is missing.",
                "X-A is empty.",
                "line 3 is not JSON.",
                "and 4 more.",
            ],
            result.ErrorLines);
    }

    [Fact]
    public async Task EveryCommand_ServerThatIsNotThere_NamesItsUrl()
    {
        using var port = new ClosedPort();
        using var folder = new RunFolder(items: 1);
        string[][] commands =
        [
            ["list"],
            ["status", "b1"],
            ["watch", "b1"],
            ["results", "b1"],
            ["receipt", "b1"],
            ["cancel", "b1"],
            ["pause", "b1"],
            ["resume", "b1"],
            ["redrive", "b1"],
            ["change", "b1", "-c", "2"],
            ["submit", folder.Input, "--to", "http://127.0.0.1:9/"],
        ];
        foreach (string[] command in commands)
        {
            var result = await CliProcess.RunAsync([.. command, "--server", port.Url]);
            result.RequireExit(3);
            Assert.Empty(result.Output);
            Assert.StartsWith(
                $"rollcall: {port.Url.TrimEnd('/')} cannot be reached: ",
                Assert.Single(result.ErrorLines),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ftp://example.com")]
    [InlineData("example.com")]
    [InlineData("http://user:password@example.com")]
    [InlineData("http://example.com/?code=s3cr3t-key")]
    [InlineData("")]
    public async Task Server_UrlThatCannotBeUsed_IsAUsageError(string url)
    {
        using var cli = CliProcess.StartWith(new Dictionary<string, string> { ["ROLLCALL_SERVER"] = url }, "list");
        var result = await cli.WaitAsync();
        result.RequireExit(2);
        string line = Assert.Single(result.ErrorLines);
        Assert.DoesNotContain("password", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_FromTheEnvironmentOrAnOption_IsSentAndNeverPrinted()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.WriteAsync(context, "text/plain", "", 401));
        using var fromEnvironment = CliProcess.StartWith(
            new Dictionary<string, string> { ["ROLLCALL_SERVER"] = server.Url, ["ROLLCALL_KEY"] = Key },
            "list");
        using var help = CliProcess.StartWith(new Dictionary<string, string> { ["ROLLCALL_KEY"] = Key }, "list", "--help");
        CliResult[] results =
        [
            await fromEnvironment.WaitAsync(),
            await server.RunAsync("list", "--key", Key),
            await server.RunAsync("list", "--key", Key + "\u00e9"),
            await help.WaitAsync(),
        ];
        foreach (var result in results)
        {
            Assert.DoesNotContain(Key, result.Output + result.Errors, StringComparison.Ordinal);
        }

        Assert.Contains(
            "does not accept the key (401 Unauthorized)",
            (await server.RunAsync("list", "--key", Key)).Errors,
            StringComparison.Ordinal);
        Assert.Equal([Key, Key, Key], server.Keys);
    }

    [Fact]
    public async Task Redirect_ToAnotherServer_IsNotFollowedWithTheKey()
    {
        await using var other = await ScriptedServer.StartAsync(context => ScriptedServer.WriteAsync(context, "text/plain", ""));
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Redirect(other.Url + "/api/batches");
            return Task.CompletedTask;
        });

        var result = await server.RunAsync("list", "--key", Key);

        result.RequireExit(2);
        Assert.Contains("(302 Found)", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(other.Keys);
    }

    [Fact]
    public async Task Submit_ConnectionThatBreaksOff_SaysHowToSubmitTheSameBatch()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var folder = new RunFolder(items: 1);

        var result = await server.RunAsync("submit", folder.Input, "--to", "http://127.0.0.1:9/?a=it's", "--key", Key, "-H", $"X-A: {Key}");

        result.RequireExit(3);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.ErrorLines);
        Assert.Contains($"The connection to {server.Url} broke", line, StringComparison.Ordinal);
        Assert.Matches(
            $@": rollcall submit {folder.Input} --to 'http://127.0.0.1:9/\?…' --key '…' -H '…' --server {server.Url} "
                + "--batch-id [0-9a-f]{32}$",
            line);
        Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ConnectionThatBreaksOffWhileLinesAreSent_SaysSoInOneLine()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            byte[] piece = new byte[1000];
            await context.Request.Body.ReadExactlyAsync(piece);
            context.Abort();
        });
        using var folder = new RunFolder();
        folder.WriteInput([.. Enumerable.Repeat($"\"{new string('x', 1_000_000)}\"", 20)]);

        var result = await server.RunAsync("submit", folder.Input, "--to", "http://127.0.0.1:9/", "--batch-id", "b1");

        result.RequireExit(3);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.ErrorLines);
        Assert.Contains($"The connection to {server.Url} broke", line, StringComparison.Ordinal);
        Assert.EndsWith(
            $"rollcall submit {folder.Input} --to http://127.0.0.1:9/ --batch-id b1 --server {server.Url}",
            line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_LargeFileThatIsRefusedAtOnce_ShowsTheRefusal()
    {
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"Refused.\"}", 409));
        using var folder = new RunFolder();
        folder.WriteInput([.. Enumerable.Repeat($"\"{new string('x', 1_000_000)}\"", 64)]);

        var result = await server.RunAsync("submit", folder.Input, "--to", "http://127.0.0.1:9/");

        result.RequireExit(2);
        Assert.Equal("rollcall: Refused.", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("submit", "--secret-header")]
    [InlineData("list", "--limit")]
    [InlineData("status", "--json")]
    [InlineData("watch", "--json")]
    [InlineData("results", "--out")]
    [InlineData("receipt", "--out")]
    [InlineData("submit", "--start-at")]
    [InlineData("submit", "--webhook")]
    [InlineData("submit", "--webhook-secret")]
    [InlineData("submit", "--notify-queue")]
    [InlineData("cancel", "--wait")]
    [InlineData("pause", "--json")]
    [InlineData("resume", "--json")]
    [InlineData("redrive", "--only-code")]
    [InlineData("change", "--rate")]
    public async Task Help_OfACommand_NamesItsOptions(string command, string option)
    {
        var result = await CliProcess.RunAsync(command, "--help");
        result.RequireExit(0);
        Assert.Contains(option, result.Output, StringComparison.Ordinal);
        Assert.Contains("--server", result.Output, StringComparison.Ordinal);
        Assert.Contains("--key", result.Output, StringComparison.Ordinal);
    }
}
