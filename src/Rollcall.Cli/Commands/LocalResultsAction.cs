using Rollcall.Cli.Client;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;
using Rollcall.Results;

namespace Rollcall.Cli.Commands;

/// <summary>What <c>rollcall results</c> does for a run of this machine.</summary>
/// <param name="path">The output of the run, or its state folder.</param>
/// <param name="request">Which results.</param>
/// <param name="file">Where they go.</param>
/// <param name="isSoFar">Whether what is recorded is enough.</param>
/// <param name="follow">Whether to wait for the end of the run.</param>
sealed class LocalResultsAction(string path, ResultsRequest request, OutputTarget file, bool isSoFar, bool follow)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly string folder = File.Exists(new StateFolder(path).StateFilePath) ? path : StateFolder.Of(path);
    LocalResults? results;
    long items;

    /// <summary>Whether a text names a run of this machine. No batch's id has a dot or a slash.</summary>
    public static bool IsPath(string text) => text.AsSpan().ContainsAny('.', '/', '\\');

    /// <summary>Writes the results.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CliException">There is no such run, or not all of its results are there.</exception>
    public async Task<int> RunAsync()
    {
        using var stop = new StopSignal("Stopping.");
        try
        {
            await LocalRun.GuardAsync(folder, async () =>
            {
                await OutputOption.WriteAsync(file, stream => WriteAsync(stream, stop.Token), stop.Token);
                return true;
            });
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            string written = file.IsFile ? "No file" : $"Everything before item {results?.Next ?? request.From}";
            throw CliException.NotFinished($"Stopped. {written} was written.");
        }

        if (isSoFar)
        {
            StandardError.WriteLine(Recorded());
        }

        return results?.AreAll == true || isSoFar
            ? ExitCode.Succeeded
            : throw NotEnded("Add --follow to wait for the rest, or --so-far if this is enough.");
    }

    async Task WriteAsync(Stream stream, CancellationToken stop)
    {
        var run = await FindAsync(stop);
        if (run is not null)
        {
            using (run)
            {
                await WriteAsync(run, stream, stop);
            }
        }

        if (file.IsFile && results?.AreAll != true && !isSoFar)
        {
            throw NotEnded("No file was written: add --follow to wait for the rest, or --so-far to write what is recorded.");
        }
    }

    async Task WriteAsync(LocalRun run, Stream stream, CancellationToken stop)
    {
        items = run.Manifest.ItemCount;

        // Not disposed of, because that would close the output.
        var buffered = new BufferedStream(stream);
        var table = request.Format == ResultFormat.Csv ? new CsvResultStream(buffered, run.Manifest.Options.Record) : null;
        try
        {
            results = new LocalResults(run, request, table ?? (Stream)buffered);
            await results.WriteAsync(follow, stop);
        }
        finally
        {
            await (table?.DisposeAsync() ?? ValueTask.CompletedTask);
            await buffered.FlushAsync(CancellationToken.None);
        }
    }

    // The items of a run that has just begun are still being stored.
    async Task<LocalRun?> FindAsync(CancellationToken stop)
    {
        while (true)
        {
            bool isAlive = StateLock.IsHeld(folder);
            var run = await LocalRun.FindAsync(folder);
            if (run is not null || !follow || !isAlive)
            {
                return run;
            }

            await Task.Delay(Pause, TimeProvider.System, stop);
        }
    }

    CliException NotEnded(string advice) => CliException.NotFinished($"The run in '{folder}' has not ended. {Recorded()} {advice}");

    string Recorded() => items == 0
        ? "Its input is not stored completely, so nothing was sent yet."
        : $"{CountsText.Of(results?.Recorded ?? 0)} of {CountsText.Of(items)} outcomes are recorded"
            + (results is { IsOfTwoRuns: true } ? ", some of them by the run before, because the retry has not ended." : ".");
}
