using System.CommandLine;
using Rollcall.Api.Responses;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall results</c>: the results of a batch on a server, or of a run of this machine.</summary>
sealed class ResultsCommand : Command
{
    readonly ServerOptions server = new(
        "The batch's id, as printed by 'rollcall submit'; or the output of a 'rollcall run', or its state folder, with a dot or a slash in "
        + "the name: results.jsonl, ./results.");

    readonly OutputOption output = new(OutputTarget.StandardOutputName, "Output file.");
    readonly ResultsOptions options = new();
    readonly ItemIdOption itemIds = new();

    readonly Option<bool> follow = new("--follow")
    {
        Description = "Keep going until the batch has ended, and write each result as soon as it and all before it are available.",
    };

    readonly Option<bool> soFar = new("--so-far")
    {
        Description = "For a run of this machine: write what is recorded, also to a file, with exit code 0.",
    };

    public ResultsCommand()
        : base(
            "results",
            "Write the results of a batch, one per line, in input order, checked against its receipt. If the batch has failed or not "
            + "ended yet, the results so far are printed, but with --out no file is written. With --id: the results of single items, "
            + "which the server has checked, also of a batch that has not ended. For a run of this machine: the outcomes that "
            + "are recorded, while it runs or after it was stopped: rollcall results results.jsonl --so-far. Exit code: 0 all results were "
            + "written; 3 some are missing, or not available yet; 141 the reader of standard output closed it.")
    {
        server.AddWithIdTo(this);
        output.AddTo(this);
        itemIds.AddTo(this);
        options.AddTo(this);
        Options.Add(follow);
        Options.Add(soFar);
        SetAction((parsed, _) => LocalResultsAction.IsPath(server.ReadName(parsed)) ? RunLocalAsync(parsed) : RunAsync(parsed));
    }

    Task<int> RunLocalAsync(ParseResult parsed)
    {
        Option[] ofServer = [.. server.OfServer, itemIds.Option];
        if (ofServer.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } wrong)
        {
            throw CliException.Usage(
                $"{wrong.Name} is for a batch on a server, and '{server.ReadName(parsed)}' names a run of this machine.");
        }

        if (parsed.GetValue(soFar) && parsed.GetValue(follow))
        {
            throw CliException.Usage("--so-far and --follow are both given: one of them is allowed.");
        }

        string path = server.ReadName(parsed);
        return new LocalResultsAction(
            path,
            options.Read(parsed, path),
            output.Read(parsed),
            parsed.GetValue(soFar),
            parsed.GetValue(follow)).RunAsync();
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(soFar))
        {
            throw CliException.Usage(
                "--so-far is for a run of this machine, whose name has a dot or a slash. Of a batch on a server, the results so far are "
                + "written without it.");
        }

        var request = options.Read(parsed, server.ReadId(parsed));
        if (request.Run is not null && parsed.GetValue(follow))
        {
            throw CliException.Usage("--follow cannot be used with --run: it follows the newest run.");
        }

        var ids = itemIds.Read(parsed, [.. options.OfAll, follow]);
        var file = output.Read(parsed);
        using var client = server.CreateClient(parsed);
        using var stop = new StopSignal("Stopping.");
        if (ids.Count > 0)
        {
            await StopAsync(() => WriteItemsAsync(client, request, ids, file, stop.Token), stop, () => SayNoFile(file));
            return ExitCode.Succeeded;
        }

        var batch = await StopAsync(() => client.GetStatusAsync(request.Id, stop.Token), stop, () => SayNoFile(file));
        long lines = 0;
        bool isSealed = false;
        async Task WriteAsync(Stream stream)
        {
            await using var results = new ResultsOutput(stream, request.Format, request.From);
            var download = new ResultsDownload(client, request, results, TimeProvider.System);
            (batch, var receipt) = parsed.GetValue(follow)
                ? await StopAsync(
                    () => download.FollowAsync(batch, StandardError.WriteLine, stop.Token),
                    stop,
                    () => SayWhereToContinue(file, results.Next))
                : await StopAsync(async () => (batch, await download.ReadAsync(batch, stop.Token)), stop, () => SayNoFile(file));

            // Checked here, so that an incomplete file never gets its name.
            if (await ResultsCheck.FindDifferenceAsync(request, receipt, results) is { } difference)
            {
                throw CliException.NotFinished(
                    $"The results of batch '{request.Id}' did not arrive intact: {difference}.{SayNoFile(file)}");
            }

            lines = results.Lines;
            isSealed = receipt is not null;
            if (!isSealed && file.IsFile)
            {
                throw NotSealed(batch, "No file was written.", "drop --out to print the results so far");
            }
        }

        try
        {
            await OutputOption.WriteAsync(file, WriteAsync, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped while waiting for the reader of the output.");
        }

        return isSealed
            ? ExitCode.Succeeded
            : throw NotSealed(batch, $"{lines} of {batch.Items} results were written.", advice: null);
    }

    // The server has checked each line.
    static async Task<bool> WriteItemsAsync(
        ServerClient client, ResultsRequest request, IReadOnlyList<string> ids, OutputTarget file, CancellationToken stop)
    {
        await OutputOption.WriteAsync(file, WriteAsync, stop);
        return true;

        Task WriteAsync(Stream stream) =>
            client.ReadItemsAsync(request, ids, piece => stream.WriteAsync(piece, CancellationToken.None).AsTask(), stop);
    }

    /// <summary>If the command is stopped or cannot continue, adds to the message what became of its output.</summary>
    static async Task<T> StopAsync<T>(Func<Task<T>> read, StopSignal stop, Func<string> describeOutput)
    {
        try
        {
            return await read();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped." + describeOutput());
        }
        catch (ServerException exception) when (exception.IsTransient)
        {
            throw CliException.NotFinished(exception.Message + describeOutput());
        }
    }

    static string SayNoFile(OutputTarget file) => !file.IsFile ? "" : " No file was written.";

    static string SayWhereToContinue(OutputTarget file, long next) =>
        !file.IsFile ? $" Everything before item {next} was written; continue with --from {next}." : SayNoFile(file);

    static CliException NotSealed(BatchStatus batch, string written, string? advice)
    {
        if (batch.Status == BatchState.Failed)
        {
            string next = advice is null ? "" : $" {char.ToUpperInvariant(advice[0])}{advice[1..]}.";
            return CliException.NotFinished(
                $"Batch '{batch.Id}' failed: {PlainText.Of(batch.Error ?? "no reason was given.")} {written}{next}");
        }

        string done = batch.Done is { } count ? $" ({count} of {batch.Items} done)" : "";
        string rest = advice is null ? "Add --follow to wait for the rest." : $"Add --follow to wait, or {advice}.";
        return CliException.NotFinished($"Batch '{batch.Id}' has not ended yet{done}. {written} {rest}");
    }
}
