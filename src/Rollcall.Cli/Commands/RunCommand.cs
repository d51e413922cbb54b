using System.CommandLine;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall run</c>: sends every payload of a file and writes every answer.</summary>
sealed class RunCommand : Command
{
    static readonly BatchOptions Defaults = new();

    readonly Argument<string> input = new("items")
    {
        Description = "The file of payloads, one JSON value a line; - for standard input.",
    };

    readonly Option<string> to = new("--to") { Description = "The http or https URL to POST every payload to.", HelpName = "URL", Required = true };

    readonly Option<string[]> headers = new("--header", "-H")
    {
        Description = "A request header, 'Name: value'. May be given several times. Values are never written to disk.",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly Option<string> output = new("--out", "-o")
    {
        Description = "The file for the results, one a line, in input order.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "results.jsonl",
    };

    readonly Option<string?> state = new("--state")
    {
        Description = "The folder that makes the run resumable (default: the output's name and '.rollcall').",
        HelpName = "DIR",
    };

    readonly Option<int> concurrency = new("--concurrency", "-c")
    {
        Description = "How many items are in flight at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Concurrency,
    };

    readonly Option<int> maxAttempts = new("--max-attempts")
    {
        Description = "How often an item is sent at the most when the failure may pass.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Retry.MaxAttempts,
    };

    readonly Option<double> timeout = new("--timeout")
    {
        Description = "The time limit of one attempt, to the last byte of its body.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.TimeoutSeconds,
    };

    readonly Option<long> maxBodyBytes = new("--max-body-bytes")
    {
        Description = "The largest body that is an answer.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => Defaults.MaxBodyBytes,
    };

    readonly Option<LineFormat> lines = new("--lines")
    {
        Description = "What a line is: the payload itself, or an item {\"id\":…,\"body\":…}.",
        HelpName = "payload|items",
    };

    readonly Option<bool> json = new("--json") { Description = "Write progress and the receipt as JSON, one object a line, to standard output." };

    readonly Option<bool> fresh = new("--fresh") { Description = "Throw away the state and the output of an earlier run first." };

    public RunCommand()
        : base("run", "Send every payload of a file to a URL and write every answer. Run again after a stop or a crash, it goes on where it was.")
    {
        lines.AcceptOnlyFromAmong("payload", "items");
        Arguments.Add(input);
        foreach (Option option in new Option[] { to, headers, output, state, concurrency, maxAttempts, timeout, maxBodyBytes, lines, json, fresh })
        {
            Options.Add(option);
        }

        SetAction((parsed, _) => RunAsync(ReadSettings(parsed), parsed.GetValue(json)));
    }

    /// <summary>Runs a batch and shows it; also what <c>rollcall demo</c> does.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="asJson">Whether a program reads the output.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RunSettings settings, bool asJson)
    {
        using var stop = new StopSignal();
        var view = ProgressViews.Create(asJson);
        var runner = new BatchRunner(settings, view, Console.OpenStandardInput);
        var (receipt, receiptPath) = await runner.RunAsync(stop.Token);
        if (asJson)
        {
            var last = new ReceiptEvent(settings.Output, receiptPath, receipt.Items, receipt.Outcomes, receipt.Counts, receipt.Sha256);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(last, CliJson.Default.ReceiptEvent));
        }
        else
        {
            await Console.Out.WriteLineAsync(ProgressText.Of(receipt));
        }

        return receipt.Counts.Succeeded == receipt.Items ? ExitCode.Succeeded : ExitCode.FinishedWithFailures;
    }

    RunSettings ReadSettings(ParseResult parsed)
    {
        string url = parsed.GetRequiredValue(to);
        string outputPath = parsed.GetRequiredValue(output);
        var settings = new RunSettings
        {
            Input = parsed.GetRequiredValue(input),
            Url = url,
            Headers = ReadHeaders(parsed.GetRequiredValue(headers)),
            Output = outputPath,
            StateFolder = parsed.GetValue(state) ?? outputPath + ".rollcall",
            Format = parsed.GetValue(lines),
            Fresh = parsed.GetValue(fresh),
            Options = Defaults with
            {
                Concurrency = parsed.GetValue(concurrency),
                TimeoutSeconds = parsed.GetValue(timeout),
                MaxBodyBytes = parsed.GetValue(maxBodyBytes),
                Retry = Defaults.Retry with { MaxAttempts = parsed.GetValue(maxAttempts) },
            },
        };
        string? error = BatchTarget.FindUrlError(url) ?? settings.Options.FindError();
        return error is null ? settings : throw CliException.Usage(error);
    }

    static Dictionary<string, string> ReadHeaders(string[] texts)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string text in texts)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw CliException.Usage("A header is given as 'Name: value'; one has no colon.");
            }

            string name = text[..colon].Trim();
            string value = text[(colon + 1)..].Trim();
            if (BatchTarget.FindHeaderError(name, value) is { } error)
            {
                throw CliException.Usage(error);
            }

            if (!headers.TryAdd(name, value))
            {
                throw CliException.Usage($"The header '{name}' is given twice.");
            }
        }

        return headers;
    }
}
