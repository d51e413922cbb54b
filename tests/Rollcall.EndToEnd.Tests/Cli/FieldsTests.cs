using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>Runs that say what their result lines have besides the outcomes.</summary>
public sealed class FieldsTests
{
    const int Items = 6;

    [Fact]
    public async Task Run_ThatExtractsAndKeepsHeaders_TotalsNumbersAndRefusesOtherFieldsLater()
    {
        await using var target = Target.Start(Responses.With(
            200, """{"choices":[{"message":{"content":"Hi"}}],"usage":{"total_tokens":2057}}""", "X-Request-Id: r"));
        using var folder = new RunFolder(Items);
        string[] fields =
        [
            "--extract", "content=choices[0].message.content", "--extract", "tokens=usage.total_tokens", "--keep-header", "X-Request-ID",
            "--json-body", "--with-input",
        ];

        var result = await CliProcess.RunAsync(folder.Run(target.Url, fields));

        result.RequireExit(0);
        Assert.Contains(" · tokens 12,342 in total", result.Output, StringComparison.Ordinal);
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(
            ("""{"content":"Hi","tokens":2057}""", """{"x-request-id":"r"}"""),
            (line.GetProperty("extracted").GetRawText(), line.GetProperty("headers").GetRawText())));
        Assert.Equal(
            await File.ReadAllLinesAsync(folder.Input, TestContext.Current.CancellationToken),
            folder.ReadResults(Items).Select(line => line.GetProperty("input").GetRawText()));
        Assert.All(folder.ReadResults(Items), line => Assert.Equal(
            2057, line.GetProperty("json").GetProperty("usage").GetProperty("total_tokens").GetInt32()));
        (await CliProcess.RunAsync("verify", folder.Output, "--receipt", Path.Combine(folder.State, "receipt.json"))).RequireExit(0);
        (await CliProcess.RunAsync(folder.Run(target.Url, [.. fields[..4], .. fields[6..], "--json"]))).RequireError(
            2,
            $"--keep-header is not given, but the run in '{folder.State}' has x-request-id. A run's fields of results cannot change: ");
        (await CliProcess.RunAsync(folder.Run(target.Url, fields))).RequireExit(0);
        Assert.Equal(Items, target.Requests.Count);
    }

    [Theory]
    [InlineData("--extract of 'c' is not an expression of JMESPath: column 3, near 'b'.", "--extract", "c=a b")]
    [InlineData("--extract is 'content': NAME=JMESPATH, such as tokens=usage.total_tokens, is needed.", "--extract", "content")]
    [InlineData("--extract has the name 'id', which a column of the results has: choose another one.", "--extract", "id=id")]
    [InlineData("--keep-header has 'set-cookie', which is not kept", "--keep-header", "Set-Cookie")]
    public async Task Run_WithFieldsThatAreWrong_IsUsageAndSendsNothing(string expected, params string[] options)
    {
        await using var target = Target.Start(Responses.Echo);
        using var folder = new RunFolder(Items);
        (await CliProcess.RunAsync(folder.Run(target.Url, options))).RequireError(2, expected);
        Assert.Empty(target.Requests);
    }
}
