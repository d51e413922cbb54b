using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall failed</c>: writes the inputs of an ended run that did not succeed.</summary>
sealed class FailedCommand : Command
{
    readonly RunFile run = new();

    readonly Option<InputKind?> kind = KebabCaseOption.CreateOne<InputKind>(
        "--as",
        "jsonl: an item {\"id\":…,\"body\":…} per line, its payload byte for byte, or a request if it was given as one. csv: the "
        + "columns of a CSV input (default: jsonl).");

    readonly Option<RetryChoice?> only = OnlyOption.Create();

    readonly OutputOption output = new(OutputTarget.StandardOutputName, "Output file.");

    public FailedCommand()
        : base(
            "failed",
            "Write the inputs of an ended 'rollcall run' that did not succeed, as they were given, to correct them: rollcall failed "
            + "results.jsonl --only 422 -o wrong.jsonl. The number is on standard error. Exit code: 0 also if there are none.")
    {
        run.AddTo(this);
        Options.Add(kind);
        Options.Add(only);
        output.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        string folder = run.ReadState(parsed);
        var target = output.Read(parsed);
        using var stop = new StopSignal("Stopping.");
        using var local = await LocalRun.FindAsync(folder);
        var receipt = local is null ? null : await local.FindReceiptAsync(local.Control.Run);
        if (local is null || receipt is null)
        {
            throw CliException.NotFinished($"The run in '{folder}' has not ended. Run the same command again to resume it.");
        }

        long count = 0;
        bool isTable = parsed.GetValue(kind) == InputKind.Csv;
        var failed = new FailedInputs(local, receipt, parsed.GetValue(only), target);
        async Task WriteAsync(Stream stream)
        {
            if (receipt.Counts.Succeeded < receipt.Items)
            {
                // Not disposed of, because that would close the output.
                var buffered = new BufferedStream(stream);
                count = isTable ? await failed.WriteTableAsync(buffered, stop.Token) : await failed.WriteLinesAsync(buffered, stop.Token);
                await buffered.FlushAsync(stop.Token);
            }
        }

        try
        {
            await LocalRun.GuardAsync(folder, async () =>
            {
                await OutputOption.WriteAsync(target, WriteAsync, stop.Token);
                return count;
            });
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped.");
        }

        string which = parsed.GetValue(only) is { } some ? $" with {some}" : "";
        StandardError.WriteLine($"{CountsText.Of(count)} of {CountsText.Of(receipt.Items)} inputs did not succeed{which}.");
        return ExitCode.Succeeded;
    }

    /// <summary>The forms in which inputs are written.</summary>
    internal enum InputKind
    {
        Jsonl,
        Csv,
    }
}
