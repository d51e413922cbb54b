using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>Says how a run ended.</summary>
static class RunReport
{
    /// <summary>Writes the receipt in one line, and how to send again what did not succeed.</summary>
    /// <param name="receiptPath">The receipt's file.</param>
    /// <param name="asJson">Whether a program reads it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(RunSettings settings, Receipt receipt, string receiptPath, bool asJson)
    {
        bool isTaken = settings.Output.IsStandardOutput;
        if (asJson)
        {
            var last = new ReceiptEvent(
                settings.Output.Name,
                receiptPath,
                receipt.Items,
                receipt.Outcomes,
                receipt.Counts,
                receipt.Totals,
                receipt.Sha256,
                receipt.Stop);
            await (isTaken ? Console.Error : Console.Out).WriteLineAsync(JsonSerializer.Serialize(last, TerminalJson.Default.ReceiptEvent));
        }
        else if (isTaken)
        {
            StandardError.WriteLine(ProgressText.Of(receipt));
        }
        else
        {
            StandardOutput.WriteLine(ProgressText.Of(receipt));
        }

        if (receipt.Counts.Succeeded == receipt.Items)
        {
            return ExitCode.Succeeded;
        }

        if (receipt.EndedEarly())
        {
            StandardError.WriteLine(settings.HowToResumeAfterAnEarlyEnd);
        }
        else if (settings.IsResumable)
        {
            StandardError.WriteLine($"Again     {CommandOf(settings)}");
        }

        return ExitCode.FinishedWithFailures;
    }

    static string CommandOf(RunSettings settings)
    {
        string output = ShellWord.Of(settings.Output.Name);
        bool isUsual = settings.Output.IsFile && settings.StateFolder == StateFolder.Of(settings.Output.Name);
        return $"rollcall retry {output}{(isUsual ? "" : $" --state {ShellWord.Of(settings.StateFolder)}")}";
    }
}
