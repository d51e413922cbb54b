using System.CommandLine;
using Rollcall.Api.Answers;
using Rollcall.Batches;
using Rollcall.Cli.Client;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall results</c>: the results of a batch of a server.</summary>
sealed class ResultsCommand : Command
{
    readonly ServerOptions server = new();
    readonly OutputOption output = new(OutputTarget.StandardOutputName, "The file to write.");
    readonly ResultsOptions options = new();

    readonly Option<bool> follow = new("--follow")
    {
        Description = "Go on until the batch has ended, and write each result as soon as it and all before it are there.",
    };

    public ResultsCommand()
        : base(
            "results",
            "Write the results of a batch, one a line, in input order, checked against its receipt. Of a batch that has not ended, or "
            + "failed, what there is comes, and with --out nothing. Exit code: 0 they are all there; 3 they are not, or not yet; 141 "
                + "whoever read them went away.")
    {
        server.AddWithIdTo(this);
        output.AddTo(this);
        options.AddTo(this);
        Options.Add(follow);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        var request = options.Read(parsed, server.ReadId(parsed));
        if (request.Run is not null && parsed.GetValue(follow))
        {
            throw CliException.Usage("--follow is of the newest run: without --run it follows that.");
        }

        var file = output.Read(parsed);
        using var client = server.CreateClient(parsed);
        using var stop = new StopSignal("Stopping.");
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
                    () => SayWhereToGoOn(file, results.Next))
                : await StopAsync(async () => (batch, await download.ReadAsync(batch, stop.Token)), stop, () => SayNoFile(file));

            // Here, so that a file that is not whole never gets its name.
            if (await ResultsCheck.FindDifferenceAsync(request, receipt, results) is { } difference)
            {
                throw CliException.NotFinished($"The results of batch '{request.Id}' did not come whole: {difference}.{SayNoFile(file)}");
            }

            lines = results.Lines;
            isSealed = receipt is not null;
            if (!isSealed && file.IsFile)
            {
                throw NotSealed(batch, "No file was written: without --out comes what there is.");
            }
        }

        try
        {
            await OutputOption.WriteAsync(file, WriteAsync, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped while the output waited for its reader.");
        }

        return isSealed
            ? ExitCode.Succeeded
            : throw NotSealed(batch, $"What there was is written: {lines} results, of {batch.Items} items.");
    }

    /// <summary>Has a command that is stopped, or cannot go on, say what is there of its output.</summary>
    static async Task<T> StopAsync<T>(Func<Task<T>> read, StopSignal stop, Func<string> sayWhatIsThere)
    {
        try
        {
            return await read();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            throw CliException.NotFinished("Stopped." + sayWhatIsThere());
        }
        catch (ServerException exception) when (exception.MayPass)
        {
            throw CliException.NotFinished(exception.Message + sayWhatIsThere());
        }
    }

    static string SayNoFile(OutputTarget file) => !file.IsFile ? "" : " No file was written.";

    static string SayWhereToGoOn(OutputTarget file, long next) =>
        !file.IsFile ? $" What is written ends before item {next}: go on with --from {next}." : SayNoFile(file);

    static CliException NotSealed(BatchStatus batch, string whatIsThere) => CliException.NotFinished(batch.Status == BatchState.Failed
        ? $"Batch '{batch.Id}' failed: {PlainText.Of(batch.Error ?? "no reason was given.")} {whatIsThere}"
        : $"Batch '{batch.Id}' was not at its end yet. {whatIsThere} Run the same command again later.");
}
