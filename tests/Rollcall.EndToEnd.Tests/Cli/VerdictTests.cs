using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Runs that say which responses are successes.</summary>
public sealed class VerdictTests
{
    const int Items = 6;

    [Fact]
    public async Task Run_AgainstATargetThatHidesErrorsIn200_RecordsThemAsFailuresWithTheWholeResponse()
    {
        await using var target = Target.Start((request, connection) =>
            Responses.With(200, request.Headers["Idempotency-Key"].EndsWith("-3", StringComparison.Ordinal)
                ? """{"error":{"code":"quota"},"status":"ok"}"""
                : """{"status":"ok"}""")(request, connection));
        using var folder = new RunFolder(Items);

        var result = await CliProcess.RunAsync(folder.Run(target.Url, "--fail-if", "error", "--succeed-if", "status == 'ok'"));

        result.RequireExit(1);
        Assert.Contains("verdict 1", result.Output + result.Errors, StringComparison.Ordinal);
        var failed = folder.ReadResults(Items)[3];
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Equal("verdict", failed.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("failIf (error) is true.", failed.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal((200, """{"error":{"code":"quota"},"status":"ok"}"""), (
            failed.GetProperty("httpStatus").GetInt32(), failed.GetProperty("body").GetString()));
        Assert.Equal(Items - 1, folder.ReadResults(Items).Count(line => line.GetProperty("status").GetString() == "succeeded"));
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"))).RequireExit(0);
    }

    [Fact]
    public async Task Run_ForWhichA404IsAnAnswer_SucceedsAndIsVerified()
    {
        await using var target = Target.Start(Responses.With(404, "no such customer"));
        using var folder = new RunFolder(Items);
        (await CliProcess.RunAsync(folder.Run(target.Url, "--success", "200-299,404"))).RequireExit(0);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(
            ("succeeded", 404, "no such customer"),
            (line.GetProperty("status").GetString(), line.GetProperty("httpStatus").GetInt32(), line.GetProperty("body").GetString())));
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"))).RequireExit(0);
    }

    [Theory]
    [InlineData("--fail-if is not an expression of JMESPath: column 3, near 'b'.", "--fail-if", "a b")]
    [InlineData("--retry-if has 0 characters: an expression of JMESPath has 1 to 1000.", "--retry-if", "")]
    [InlineData("--success is '2xx': statuses from 200 to 599 and ranges of them", "--success", "2xx")]
    public async Task Run_WithAVerdictThatIsNone_IsUsageAndSendsNothing(string expected, params string[] options)
    {
        await using var target = Target.Start(Responses.Echo);
        using var folder = new RunFolder(Items);
        (await CliProcess.RunAsync(folder.Run(target.Url, options))).RequireError(2, expected);
        Assert.Empty(target.Requests);
    }
}
