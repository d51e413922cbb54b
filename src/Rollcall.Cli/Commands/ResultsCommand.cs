using System.CommandLine;
using Rollcall.Api;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall results</c>: the result lines of a batch of a server.</summary>
sealed class ResultsCommand : Command
{
    static readonly string[] Statuses = [.. Enum.GetValues<OutcomeStatus>().Select(status => KebabCase.Of(status))];

    readonly ServerOptions server = new();
    readonly OutputOption output = new();

    readonly Option<OutcomeStatus?> status = new("--status") { Description = "Only the items that ended so.", HelpName = string.Join('|', Statuses) };

    public ResultsCommand()
        : base("results", "Write the results of a batch, one a line, in input order, checked against its receipt. Exit code: 0 they are all there; 3 they are not, or not yet.")
    {
        status.AcceptOnlyFromAmong(Statuses);
        server.AddWithIdTo(this);
        output.AddTo(this);
        Options.Add(status);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        string id = server.ReadId(parsed);
        string? path = output.ReadPath(parsed);
        var wanted = parsed.GetValue(status);
        using var client = server.CreateClient(parsed);
        using var stop = new StopSignal("Stopping.");
        try
        {
            var batch = await client.GetStatusAsync(id, stop.Token);
            var receipt = BatchWatch.HasEnded(batch) ? (await client.FindReceiptAsync(id, stop.Token))?.Content : null;
            using var check = new ResultsCheck();
            await OutputOption.WriteAsync(path, async stream =>
            {
                await foreach (var piece in client.ReadResultsAsync(id, wanted, stop.Token))
                {
                    check.Add(piece.Span);
                    await stream.WriteAsync(piece, stop.Token);
                }

                // Here, so that a file that is not whole never gets its name.
                if (check.FindDifference(receipt, wanted) is { } difference)
                {
                    throw CliException.NotFinished($"The results of batch '{id}' did not come whole: {difference}.{(path is null ? "" : " No file was written.")}");
                }
            });
            return receipt is null ? throw NotSealed(batch, check.Lines) : ExitCode.Succeeded;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished(path is null ? "Stopped." : "Stopped. No file was written.");
        }
    }

    static CliException NotSealed(BatchStatus batch, long lines) => CliException.NotFinished(batch.Status == BatchState.Failed
        ? $"Batch '{batch.Id}' failed: {PlainText.Of(batch.Error ?? "no reason was given.")} What there is was written: {lines} results, of {batch.Items} items."
        : $"Batch '{batch.Id}' was not at its end yet. What there was is written: {lines} results, of {batch.Items} items. Run the same command again later.");
}
