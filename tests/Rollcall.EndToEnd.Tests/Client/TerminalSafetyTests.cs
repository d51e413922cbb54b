using Rollcall.EndToEnd.Tests.Cli;
using Rollcall.Targets;

namespace Rollcall.EndToEnd.Tests.Client;

/// <summary>What a server that is not to be trusted has the command line print.</summary>
public sealed class TerminalSafetyTests
{
    // ESC, the C1 introducer of the same, a mark that turns the direction of writing, and a line separator.
    const string Codes = "a\e[31mb\u009b31mc\u202ed\u2028e";
    const string Json = """a\u001b[31mb\u009b31mc\u202ed\u2028e""";
    const string Status =
        $$"""
        {"id":"b1","status":"failed","items":4,"done":0,"createdAt":"2026-01-02T03:04:05Z","target":"http://{{Json}}/",
        "error":"{{Json}}","counts":{"succeeded":0,"failed":4,"byErrorCode":{"{{Json}}":4} } }
        """;

    static readonly char[] Obeyed = ['\e', '\u009b', '\u202e', '\u2028', '\r'];

    [Theory]
    [InlineData($"500 {Codes}", "")]
    [InlineData($"302 {Codes}\r\nLocation: http://127.0.0.1/%1B%5B31m%C2%9B31m", "")]
    [InlineData("500 Bad\r\nContent-Type: application/problem+json", $$"""{"detail":"{{Json}}"}""")]
    [InlineData(
        "400 Bad\r\nContent-Type: application/problem+json",
        $$"""{"detail":"No.","errors":[{"pointer":"/{{Json}}","message":"{{Json}}"}]}""")]
    [InlineData("200 OK\r\nContent-Type: application/json", Status)]
    [InlineData("200 OK\r\nContent-Type: application/json", $$"""{"batches":[{{Status}}]}""")]
    public async Task EveryCommand_TextOfAServer_ReachesTheTerminalWithoutCodes(string head, string body)
    {
        await using var server = Target.Start(
            (_, connection) => connection.SendAsync($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        foreach (string[] command in new string[][] { ["list"], ["status", "b1"], ["watch", "b1"], ["cancel", "b1"] })
        {
            var result = await CliProcess.RunAsync([.. command, "--server", server.Url]);

            string shown = result.Output + result.Errors;
            Assert.True(shown.IndexOfAny(Obeyed) < 0, $"{command[0]} printed {shown.Replace("\e", "<ESC>", StringComparison.Ordinal)}");
            Assert.NotEmpty(shown);
        }
    }
}
