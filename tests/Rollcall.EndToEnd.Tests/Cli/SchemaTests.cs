using System.Globalization;
using System.Text.Json;
using Rollcall.Targets;
using Rollcall.Tests.Schemas;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>What a real run writes is what the published schemas say.</summary>
public sealed class SchemaTests
{
    static readonly byte[] Binary = [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * 7))];

    // A payload is the number of its target's behaviour.
    static readonly Behaviour[] Behaviours =
    [
        Responses.With(200, "{\"a\":\"é\"}", "Content-Type: application/json; charset=utf-8"),
        Responses.With(200, Binary.AsMemory(0, 300)),
        Responses.With(200, Binary),
        Responses.With(200, new string('x', 9000)),
        Responses.WithoutBody(204),
        Responses.With(404, "not here"),
        Responses.With(503, "later", "Retry-After: 0"),
        Responses.With(302, "", "Location: /elsewhere"),
        Responses.With(200, "not gzip", "Content-Encoding: gzip"),
        Responses.With(200, new byte[30_000]),
        Faults.BreakOff(Binary.AsMemory(0, 200), promised: 400),
        Faults.ResetWithoutResponse,
        Faults.NeverRespond,
    ];

    [Fact]
    public async Task Run_WithEveryKindOfOutcome_WritesWhatTheSchemasSay()
    {
        await using var target = Target.Start((request, connection) =>
            Behaviours[int.Parse(request.Body.Span, CultureInfo.InvariantCulture)](request, connection));
        using var folder = new RunFolder();
        folder.WriteInput([.. Enumerable.Range(0, Behaviours.Length).Select(number => $"{{\"id\":\"n{number}\",\"body\":{number}}}")]);

        var result = await CliProcess.RunAsync(
            [
                .. folder.Run(target.Url, "--input", "items", "--max-attempts", "2", "--max-wait", "2"),
                "--timeout",
                "5",
                "--max-body-bytes",
                "20000",
            ]);

        result.RequireExit(1);
        var lines = folder.ReadResults(Behaviours.Length);
        Assert.All(lines, PublishedSchema.ResultLine.Require);
        Assert.Equal(
            ["body-incomplete", "body-too-large", "decode", "http-status", "no-response", "redirect", "timeout"],
            lines.Where(line => line.TryGetProperty("error", out _))
                .Select(line => line.GetProperty("error").GetProperty("code").GetString())
                .Distinct()
                .Order(StringComparer.Ordinal));

        // More refusals than are recorded one by one.
        Assert.Contains(
            lines,
            line => line.TryGetProperty("attemptHistory", out var history)
                && history.EnumerateArray().Any(attempt => attempt.TryGetProperty("times", out _)));
        string receipt = await File.ReadAllTextAsync(Path.Combine(folder.State, "receipt.json"), TestContext.Current.CancellationToken);
        PublishedSchema.Receipt.Require(JsonElement.Parse(receipt));
    }
}
