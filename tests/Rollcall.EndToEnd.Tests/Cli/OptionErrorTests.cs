using System.CommandLine;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Commands;
using Rollcall.EndToEnd.Tests.Client;

namespace Rollcall.EndToEnd.Tests.Cli;

/// <summary>What is said of a command line that is wrong.</summary>
public sealed class OptionErrorTests
{
    // They take any text, or what is wrong with one is said later, by its own tests.
    static readonly HashSet<string> Texts =
    [
        "--to",
        "--header",
        "--header-env",
        "--out",
        "--state",
        "--keep",
        "--receipt",
        "--items",
        "--with",
        "--server",
        "--key",
        "--key-file",
        "--secret-header",
        "--id",
        "--batch-id",
        "--method",
        "--query",
        "--body",
        "--body-file",
        "--form",
        "--content-type",
        "--oauth2", "--client-id", "--client-secret", "--client-secret-env", "--scope", "--azure-scope", "--token-command",
        "--success", "--fail-if", "--succeed-if", "--retry-if", "--keep-header",
        "--secret-cert",
        "--secret-cert-key",
        "--secret-cacert",
        "--cert",
        "--cert-password-env",
        "--cacert",
        "--proxy",
        "--noproxy",
        "--webhook", "--webhook-secret", "--notify-queue", "--host",
    ];

    public static TheoryData<string, string> Options
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var command in CommandTree.Create().Subcommands)
            {
                foreach (var option in command.Options)
                {
                    data.Add(command.Name, option.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Option_WithAValueThatItCannotHave_IsNamedWithTheValueAndWhatIsNeeded(string command, string name)
    {
        var option = CommandTree.Create().Subcommands.Single(c => c.Name == command).Options.Single(o => o.Name == name);
        foreach (string value in new[] { "100/min", "-1x", "9999999999999999999999", "", "NaN" })
        {
            // A flag is followed by what is an argument of the command.
            string[] arguments = option is Option<bool> ? [command, $"{name}={value}"] : [command, name, value];
            string? error = Describe(arguments);

            if (option is not Option<bool> && !Texts.Contains(name))
            {
                Assert.Contains($"{name} is '{value}': ", error, StringComparison.Ordinal);
                Assert.Contains(" needed.", error, StringComparison.Ordinal);
            }

            string[] foreign = ["System.", "Nullable", "Parse", "parse", "`", "\n", "ratePerSecond", "maxFailed", "Seconds", "%2B"];
            Assert.All(foreign, word => Assert.DoesNotContain(word, error ?? "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--rate is '100/min': a number above 0 and up to 100000, requests per second, is needed.", "run", "--rate", "100/min")]
    [InlineData("--rate is '-1': a number above 0 and up to 100000, requests per second, is needed.", "submit", "--rate", "-1")]
    [InlineData(
        "--rate is 'fast': a number above 0 and up to 100000, requests per second, or 'none', is needed.",
        "change",
        "--rate",
        "fast")]
    [InlineData("--timeout is '5s': a number above 0 and up to 86400, seconds, is needed.", "run", "--timeout", "5s")]
    [InlineData("--max-failed is '-5': a whole number of 0 or more is needed.", "run", "--max-failed", "-5")]
    [InlineData("--concurrency is '1.5': a whole number from 1 to 10000 is needed.", "run", "-c", "1.5")]
    [InlineData("--input is 'words': lines, items, requests, json, csv, tsv or urls is needed.", "run", "--input", "words")]
    [InlineData("--status is 'so': succeeded, failed, cancelled or expired is needed.", "results", "b1", "--status", "failed,so")]
    [InlineData(
        "--since is '2026-01-31': a time with its offset from UTC, such as 2026-01-31T22:00:00Z, is needed.",
        "list",
        "--since",
        "2026-01-31")]
    [InlineData("--port is '65536': a whole number from 0 to 65535 is needed.", "target", "--port", "65536")]
    public void Option_WithAValueThatItCannotHave_SaysWhatIsNeeded(string expected, params string[] arguments) =>
        Assert.Contains(expected, Describe(arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "'--concurency' is not an option of 'rollcall run'. Did you mean --concurrency? See 'rollcall run --help'.",
        "run",
        "items.jsonl",
        "--concurency",
        "16",
        "--to",
        "http://127.0.0.1:9/")]
    [InlineData(
        "'--concurency' is not an option of 'rollcall run'. Did you mean --concurrency? See 'rollcall run --help'.",
        "run",
        "--concurency=16",
        "items.jsonl")]
    [InlineData(
        "'--jsn' is not an option of 'rollcall status'. Did you mean --json? See 'rollcall status --help'.",
        "status",
        "--jsn",
        "b1")]
    [InlineData(
        "'--frish' is not an option of 'rollcall run'. Did you mean --fresh? See 'rollcall run --help'.",
        "run",
        "--frish",
        "--to",
        "http://127.0.0.1:9/")]
    [InlineData("'--zzzzzz' is not an option of 'rollcall list'. See 'rollcall list --help'.", "list", "--zzzzzz")]
    [InlineData("'-q' is not an option of 'rollcall run'. See 'rollcall run --help'.", "run", "-q")]
    [InlineData("'sumbit' is not a command. Did you mean submit? See 'rollcall --help'.", "sumbit", "items.jsonl", "--to", "x")]
    public void Name_ThatIsNotKnown_IsMetWithTheNearestOne(string expected, params string[] arguments) =>
        Assert.Equal(expected, Describe(arguments));

    [Fact]
    public void Argument_AfterTwoHyphens_MayLookLikeAnOption() =>
        Assert.Null(Describe("run", "--to", "http://127.0.0.1:9/", "--", "--fresh"));

    [Fact]
    public void Name_OfEveryOption_IsThatOfTheCommandLine()
    {
        var options = CommandTree.Create().Subcommands
            .Single(command => command.Name == "run").Options
            .Select(option => option.Name)
            .ToHashSet();

        // No command has these.
        string[] missing = ["itemsPerActivity", "retry.firstDelaySeconds", "retry.maxDelaySeconds"];
        Assert.All(OptionField.All.Where(field => !missing.Contains(field.Name)), field => Assert.Contains(OptionNames.Of(field), options));
    }

    [Fact]
    public async Task Run_OfAnOptionThatIsNotKnown_IsOneLineWithItsExitCode() =>
        (await CliProcess.RunAsync("run", "items.jsonl", "--concurency", "16")).RequireError(2, "Did you mean --concurrency?");

    [Fact]
    public async Task Submit_ProblemWithErrors_NamesTheOptionsOfTheCommandLine()
    {
        const string Body = """
            {"detail":"The request has 6 errors.","errorCount":6,"errors":[{"parameter":"ratePerSecond","message":"is x."},
             {"pointer":"/options/retry/onTimeout","message":"is y."},
             {"pointer":"/concurrency","message":"is 0."},{"header":"X-Rollcall-Header-X-A","message":"is z."},
             {"pointer":"/target/url","message":"differs."},{"parameter":"notifyQueue","message":"is q."}]}
            """;
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.WriteAsync(context, "application/problem+json", Body, 400));
        using var folder = new RunFolder(items: 1);

        var result = await server.RunAsync("submit", folder.Input, "--to", "http://127.0.0.1:9/");

        result.RequireExit(2);
        Assert.Equal(
            [
                "--rate is x.",
                "--no-retry-timeouts is y.",
                "--concurrency is 0.",
                "the header 'X-A' is z.",
                "--to differs.",
                "--notify-queue is q.",
            ],
            result.ErrorLines[1..]);
    }

    [Theory]
    [InlineData(
        "results",
        "{\"detail\":\"from is '3': 0 to 2, the number of items, is allowed.\"}",
        "rollcall: --from is '3': 0 to 2, the number of items, is allowed.")]
    [InlineData("results", "{\"detail\":\"Batch 'b1' is odd.\"}", "rollcall: Batch 'b1' is odd.")]
    [InlineData(
        "receipt",
        "{\"detail\":\"ratePerSecond is 1.\",\"errors\":[{\"pointer\":\"/ratePerSecond\",\"message\":\"is 1.\"}]}",
        "rollcall: --rate is 1.")]
    public async Task Command_ProblemInOneSentence_NamesTheOptionOfTheCommandLine(string command, string body, string expected)
    {
        await using var server = await ScriptedServer.StartAsync(
            context => ScriptedServer.WriteAsync(context, "application/problem+json", body, 400));
        Assert.Equal(expected, Assert.Single((await server.RunAsync(command, "b1")).ErrorLines));
    }

    static string? Describe(params string[] arguments) => ParseErrors.Describe(CommandTree.Create().Parse(arguments));
}
