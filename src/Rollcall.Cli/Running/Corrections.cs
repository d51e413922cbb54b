using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Storage;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Corrected payloads for items that did not succeed, given by the ids of the items.</summary>
/// <param name="path">The file.</param>
/// <param name="options">How the file is read.</param>
/// <param name="store">Where the batch is.</param>
sealed class Corrections(string path, InputOptions options, FileBatchStore store)
{
    const int MostShown = 20;

    /// <summary>How a file of corrected payloads is read.</summary>
    /// <param name="input">How the input of the run is read.</param>
    /// <param name="columns">The columns of the input; null if it has none.</param>
    public static InputOptions OptionsOf(string path, InputOptions? input, IReadOnlyList<CsvColumn>? columns)
    {
        InputFormat? table = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => InputFormat.Csv,
            ".tsv" => InputFormat.Tsv,
            _ => null,
        };
        return table is not null && columns is { Count: > 0 } ? new InputOptions { Format = table, Id = input?.Id, Columns = columns }
            : input?.Format is InputFormat.Requests or InputFormat.Urls ? new InputOptions { Format = InputFormat.Requests }
            : new InputOptions { Format = InputFormat.Items };
    }

    /// <summary>Reads the file, and requires that each of its items is one that the next run sends.</summary>
    /// <param name="next">The next run.</param>
    /// <param name="control">The current control of the batch.</param>
    /// <returns>The indexes of the items, and the items as they are to be sent, both in the order of the file.</returns>
    /// <exception cref="CliException">The file cannot be read, or one of its items is not to be sent.</exception>
    public async Task<(IReadOnlyList<long> Indexes, IReadOnlyList<BatchItem> Items)> ReadAsync(
        BatchManifest manifest, NextRun next, BatchControl control, CancellationToken stop)
    {
        if (!manifest.HasIds)
        {
            throw CliException.Usage(
                $"--with: the items of the run have no ids, so the items of '{path}' cannot be told apart. Send them with 'rollcall run'.");
        }

        var items = await ReadAsync(manifest.Target, stop);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int line = 0; line < items.Count; line++)
        {
            lines[items[line].Id ?? ""] = line;
        }

        var selected = await LocalRun.FindFailedAsync(store, control, next.Before, next.Only)
            .Select(line => line.Index)
            .ToHashSetAsync(cancellationToken: stop);
        long[] indexes = [.. Enumerable.Repeat(-1L, items.Count)];
        var errors = new SortedDictionary<int, string>();
        for (long index = 0; index < manifest.ItemCount; index++)
        {
            stop.ThrowIfCancellationRequested();
            if (await store.ReadIdAsync(manifest, index, stop) is not { } id || !lines.TryGetValue(id, out int line))
            {
                continue;
            }

            if (indexes[line] >= 0)
            {
                errors[line] = $"the id '{ShortText.Of(id)}' is that of several items of the run.";
            }
            else if (!selected.Contains(index))
            {
                errors[line] = $"the item '{ShortText.Of(id)}' {(next.Only is null ? "has succeeded." : "is none that --only selects.")}";
            }

            indexes[line] = index;
        }

        for (int line = 0; line < items.Count; line++)
        {
            if (indexes[line] < 0)
            {
                errors[line] = items[line].Id is { } id
                    ? $"the run has no item '{ShortText.Of(id)}'."
                    : "the item has no id, which says which item of the run it corrects.";
            }
        }

        // A row of a table may have several lines.
        string place = options.Columns is null ? "" : " row ";
        return errors.Count == 0 ? (indexes, items) : throw CliException.Usage(
            $"--with: {CountsText.Of(errors.Count)} of the {CountsText.Of(items.Count)} items of '{path}' cannot be sent. Nothing was "
            + "sent.",
            [
                .. errors.Take(MostShown).Select(error => $"{path}:{place}{error.Key + 1}: {error.Value}"),
                .. errors.Count > MostShown ? [$"and {errors.Count - MostShown} more."] : Array.Empty<string>(),
            ]);
    }

    /// <summary>The hash of the items as they are to be sent: see <see cref="Replacement.ContentSha256"/>.</summary>
    /// <exception cref="CliException">The file cannot be read.</exception>
    public async Task<string> HashAsync(BatchTarget target, CancellationToken stop) =>
        await BatchIntake.HashAsync((await ReadAsync(target, stop)).ToAsyncEnumerable(), stop);

    async Task<List<BatchItem>> ReadAsync(BatchTarget target, CancellationToken stop)
    {
        await using var stream = await InputFile.OpenAsync(path, Console.OpenStandardInput, stop);
        try
        {
            var make = RequestTemplate.Of(target, File.ReadAllBytes);
            return await InputReader.ReadAsync(InputFile.ToSource(path, stream), options, make.Make, stop).ToListAsync(stop);
        }
        catch (InvalidInputException exception)
        {
            throw CliException.Usage(
                $"--with: {path}: {Sentence.Of(exception.Message)} Nothing was sent.", InputErrors.Describe(path, exception));
        }
    }
}
