using System.CommandLine;
using System.Text.Json;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall watch</c>: shows a batch on a server until it ends.</summary>
sealed class WatchCommand : Command
{
    readonly ServerOptions server = new();

    readonly Option<bool> json = new("--json")
    {
        Description = "Write the status as JSON each time it changes, one object per line, to standard output.",
    };

    public WatchCommand()
        : base(
            "watch",
            "Show a batch until it ends. Ctrl-C stops watching, not the batch. Exit code: 0 all items succeeded; 1 it ended and some did "
            + "not; 3 it failed without a receipt or was not watched to its end; 141 the reader of standard output closed it.")
    {
        server.AddWithIdTo(this);
        Options.Add(json);
        SetAction(async (parsed, _) =>
        {
            string id = server.ReadId(parsed);
            using var client = server.CreateClient(parsed);
            return await RunAsync(client, id, parsed.GetValue(json), StandardOutput.WriteLine, server.Suggest(parsed, $"watch {id}"));
        });
    }

    /// <summary>Watches a batch; also what <c>rollcall submit --watch</c> does.</summary>
    /// <param name="asJson">Whether a program reads the output.</param>
    /// <param name="summary">Writes the last line, which is for people.</param>
    /// <param name="again">The command that watches the batch again.</param>
    public static async Task<int> RunAsync(ServerClient client, string id, bool asJson, Action<string> summary, string again)
    {
        var view = ProgressViews.Create(asJson);
        using var stop = new StopSignal($"Stopped watching; batch '{id}' keeps running. Watch again with: {again}", view.Note);
        try
        {
            var watch = new BatchWatch(client, await client.GetStatusAsync(id, stop.Token), view.Note, TimeProvider.System);
            var end = asJson ? await WriteAsync(watch, stop.Token) : await ShowAsync(watch, view, stop.Token);
            if (await FindReceiptAsync(client, end, stop.Token) is not { } receipt)
            {
                string kept = end.Done is { } done ? $" The results of {done} of {end.Items} items are kept." : "";
                throw CliException.NotFinished($"Batch '{id}' failed: {PlainText.Of(end.Error ?? "no reason was given.")}{kept}");
            }

            if (!asJson)
            {
                summary(ProgressText.Of(receipt));
            }

            return receipt.Counts.Succeeded == receipt.Items ? ExitCode.Succeeded : ExitCode.FinishedWithFailures;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // The notice of the signal has already told the user.
            return ExitCode.NotFinished;
        }
    }

    static async Task<BatchStatus> ShowAsync(BatchWatch watch, IProgressView view, CancellationToken cancellationToken)
    {
        if (!BatchWatch.HasEnded(watch.Last))
        {
            var work = watch.WaitAsync(_ => { }, cancellationToken);
            await view.ShowAsync(() => StatusText.ToSample(watch.Last), work);
            await work;
        }

        return watch.Last;
    }

    // A failed batch has a receipt if it ended early, and none if it could not continue. A damaged batch has nothing that can be read.
    static async Task<Receipt?> FindReceiptAsync(ServerClient client, BatchStatus end, CancellationToken cancellationToken) => end switch
    {
        { Status: BatchState.Failed, Done: null } => null,
        { Status: BatchState.Failed or BatchState.Rejected } =>
            (await client.FindReceiptAsync(end.Id, run: null, cancellationToken))?.Content,
        _ => (await client.GetReceiptAsync(end.Id, run: null, cancellationToken)).Content,
    };

    static async Task<BatchStatus> WriteAsync(BatchWatch watch, CancellationToken cancellationToken)
    {
        await using var output = new StreamWriter(StandardOutput.Open()) { AutoFlush = true };
        return await watch.WaitAsync(
            status => output.WriteLine(JsonSerializer.Serialize(status, ApiJson.Default.BatchStatus)),
            cancellationToken);
    }
}
