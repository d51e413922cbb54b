using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rollcall.EndToEnd.Tests.Cli;

namespace Rollcall.EndToEnd.Tests.Client;

public sealed class ScheduleOptionsTests
{
    static readonly string[] Parameters = [
        "deadlineSeconds", "maxFailedItems", "maxFailedPercent", "startAt", "webhook", "webhookSecret", "notifyQueue"];

    [Fact]
    public async Task Submit_EveryNewOption_IsInTheRequest()
    {
        var queries = new ConcurrentQueue<IQueryCollection>();
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            queries.Enqueue(context.Request.Query);
            return ScriptedServer.WriteAsync(context, "application/problem+json", "{\"detail\":\"Seen.\"}", 409);
        });
        using var folder = new RunFolder(items: 1);

        (await server.RunAsync(
            "submit", folder.Input, "--to", "http://127.0.0.1:9/", "--deadline", "60", "--max-failed", "7", "--max-failed-percent", "1.5",
            "--start-at",
            "2026-01-31T22:00:00+01:00",
            "--webhook",
            "https://example.com/",
            "--webhook-secret",
            "HOOK",
            "--notify-queue",
            "done")).RequireExit(2);

        var query = Assert.Single(queries);
        Assert.Equal(
            ["60", "7", "1.5", "2026-01-31T21:00:00Z", "https://example.com/", "HOOK", "done"],
            Parameters.Select(name => query[name].ToString()));
    }

    [Theory]
    [InlineData("--start-at is 'tomorrow': ", "--start-at", "tomorrow")]
    [InlineData(
        "--start-at is '2026-01-31T22:00:00': a time with its offset from UTC, such as 2026-01-31T22:00:00Z, is needed.",
        "--start-at",
        "2026-01-31T22:00:00")]
    [InlineData("--start-at is '2026-02-30T22:00:00Z': ", "--start-at", "2026-02-30T22:00:00Z")]
    [InlineData("--webhook: 'example.com' is not a URL to send to", "--webhook", "example.com")]
    [InlineData("--webhook-secret signs the notice to --webhook, which", "--webhook-secret", "HOOK")]
    [InlineData("--deadline is '0': a number above 0", "--deadline", "0")]
    [InlineData("--max-failed is '-1': a whole number of 0 or more", "--max-failed", "-1")]
    [InlineData("--max-failed-percent is '101': a number from 0 to 100", "--max-failed-percent", "101")]
    public async Task Submit_OptionOutOfRange_SaysWhatIsAllowed(string expected, string option, string value)
    {
        using var folder = new RunFolder(items: 1);

        var result = await CliProcess.RunAsync(
            "submit",
            folder.Input,
            "--to",
            "http://127.0.0.1:9/",
            "--server",
            "http://127.0.0.1:9",
            option,
            value);

        result.RequireExit(2);
        Assert.StartsWith($"rollcall: {expected}", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
