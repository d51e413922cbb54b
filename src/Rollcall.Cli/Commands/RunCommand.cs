using System.CommandLine;
using System.Text.Json;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall run</c>: sends every payload of a file and writes every answer.</summary>
sealed class RunCommand : Command
{
    readonly SendOptions send = new("Values are never written to disk.");

    readonly Option<string> output = new("--out", "-o")
    {
        Description = "The file for the results, one a line, in input order.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "results.jsonl",
        Validators = { PathText.RequireText },
    };

    readonly Option<string?> state = new("--state")
    {
        Description = "The folder that makes the run resumable (default: the output's name and '.rollcall').",
        HelpName = "DIR",
        Validators = { PathText.RequireText },
    };

    readonly Option<bool> json = new("--json") { Description = "Write progress and the receipt as JSON, one object a line, to standard output." };

    readonly Option<bool> fresh = new("--fresh")
    {
        Description = "Throw away what an earlier run has recorded, and begin anew; its output is replaced at the end. For the first start only: to go on, leave it out.",
    };

    public RunCommand()
        : base("run", "Send every payload of a file to a URL and write every answer. Run again after a stop or a crash, it resumes where it was; after an early end, it sends what did not succeed.")
    {
        send.AddTo(this);
        foreach (Option option in new Option[] { output, state, json, fresh })
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
        var view = ProgressViews.Create(asJson);
        int concurrency = OpenFileLimit.Cap(settings.Options.Concurrency, view.Note);
        settings = settings with { Options = settings.Options with { Concurrency = concurrency } };
        using var stop = new StopSignal(note: view.Note);
        var runner = new BatchRunner(settings, view, Console.OpenStandardInput);
        var (receipt, receiptPath) = await runner.RunAsync(stop.Token);
        if (asJson)
        {
            var last = new ReceiptEvent(settings.Output, receiptPath, receipt.Items, receipt.Outcomes, receipt.Counts, receipt.Sha256, receipt.Stop);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(last, CliJson.Default.ReceiptEvent));
        }
        else
        {
            await Console.Out.WriteLineAsync(ProgressText.Of(receipt));
        }

        if (receipt.EndedEarly())
        {
            await Console.Error.WriteLineAsync(settings.HowToGoOnAfterAnEarlyEnd);
        }

        return receipt.Counts.Succeeded == receipt.Items ? ExitCode.Succeeded : ExitCode.FinishedWithFailures;
    }

    RunSettings ReadSettings(ParseResult parsed)
    {
        string outputPath = parsed.GetRequiredValue(output);
        return new RunSettings
        {
            Input = send.ReadInput(parsed),
            Url = send.ReadUrl(parsed),
            Headers = send.ReadHeaders(parsed),
            Output = outputPath,
            StateFolder = parsed.GetValue(state) ?? outputPath + ".rollcall",
            Format = send.ReadFormat(parsed),
            Fresh = parsed.GetValue(fresh),
            Options = send.ReadOptions(parsed),
        };
    }
}
