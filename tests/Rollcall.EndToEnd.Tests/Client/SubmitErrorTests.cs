using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class SubmitErrorTests
{
    const string Key = "s3cr3t-key";

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
            $@": rollcall submit {folder.Input} --to 'http://127.0.0.1:9/\?…' --key '…' -H '…' --server {server.Url} --batch-id "
                + "[0-9a-f]{32}$",
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
}
