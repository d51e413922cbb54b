using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Intake;
using Rollcall.Items;
using Rollcall.Validation;

namespace Rollcall.Cli.Running;

/// <summary>Writes the items of an ended run that did not succeed, as they were given, so that they can be corrected.</summary>
/// <param name="run">The run.</param>
/// <param name="receipt">Its receipt.</param>
/// <param name="only">Some of the items that did not succeed; null for all.</param>
/// <param name="output">Where the items go; for the settings with which the input is read again.</param>
sealed class FailedInputs(LocalRun run, Receipt receipt, RetryChoice? only, OutputTarget output)
{
    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    static readonly CsvWriterOptions Table = new() { NewLine = "\r\n", WriteByteOrderMark = true };

    /// <summary>Writes a line for each item: an item <c>{"id":…,"body":…}</c>, or a request if it was given as one.</summary>
    /// <param name="stream">The destination. It is not closed.</param>
    /// <returns>The number of lines.</returns>
    /// <exception cref="CliException">The input is needed, and cannot be read again or has changed.</exception>
    public async Task<long> WriteLinesAsync(Stream stream, CancellationToken stop)
    {
        long count = 0;
        await using var json = new Utf8JsonWriter(stream, Relaxed);
        await foreach (var item in ReadAsync(stop))
        {
            InputLine.Write(json, item, run.Manifest.Target);
            await json.FlushAsync(stop);
            json.Reset();
            stream.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }

    /// <summary>Writes a table with the columns of the input.</summary>
    /// <param name="stream">The destination. It is not closed.</param>
    /// <returns>The number of rows below the header.</returns>
    /// <exception cref="CliException">The input has no columns, or is needed and cannot be read again or has changed.</exception>
    public async Task<long> WriteTableAsync(Stream stream, CancellationToken stop)
    {
        if (run.Content.Items?.Format is not (InputFormat.Csv or InputFormat.Tsv))
        {
            throw CliException.Usage("The input of the run has no columns: only those of a CSV input are known. Use --as jsonl.");
        }

        long count = 0;
        await using var csv = CsvWriter.Create(stream, Table, leaveOpen: true);
        await foreach (var item in ReadAsync(stop))
        {
            if (count++ == 0)
            {
                csv.WriteHeader([.. CsvText.NamesOf(item.Payload)]);
            }

            foreach (string value in CsvText.ValuesOf(item.Payload))
            {
                csv.WriteField(value);
            }

            await csv.EndRecordAsync(stop);
        }

        return count;
    }

    async IAsyncEnumerable<BatchItem> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var failed = LocalRun.FindFailedAsync(run.Store, run.Control, receipt, only);
        bool isAsGiven = (await run.Store.ReadItemAsync(run.Manifest, 0, stop)).Head is null;
        if (isAsGiven)
        {
            await foreach (var line in failed)
            {
                yield return await run.Store.ReadItemAsync(run.Manifest, line.Index, stop);
            }

            yield break;
        }

        // What is stored is the requests that were made of the items.
        await RequireUnchangedAsync(stop);
        await using var wanted = failed.GetAsyncEnumerator(stop);
        bool isWanted = await wanted.MoveNextAsync();
        long index = 0;
        await foreach (var (given, _) in ReadAgainAsync(stop))
        {
            if (!isWanted)
            {
                break;
            }

            if (wanted.Current.Index == index++)
            {
                yield return given;
                isWanted = await wanted.MoveNextAsync();
            }
        }
    }

    async IAsyncEnumerable<(BatchItem Given, BatchItem Made)> ReadAgainAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var settings = new RunSettings
        {
            Input = run.Content.Input ?? throw CliException.Usage(
                "The input of the run was standard input, of which only the requests that were made are stored. Correct the input itself."),
            Request = run.Manifest.Target,
            Output = output,
            StateFolder = run.Folder.Root,
            Items = run.Content.Items ?? new InputOptions(),
        };
        await using var stream = await InputFile.OpenAsync(settings.Input, Console.OpenStandardInput, stop);
        await using var input = await InputItems.OpenAsync(settings, stream, _ => { }, stop);
        BatchItem? given = null;
        await foreach (var made in InputItems.ReadAsync(settings, input, item => given = item, stop))
        {
            yield return (given!, made);
        }
    }

    async Task RequireUnchangedAsync(CancellationToken stop)
    {
        string? sha256 = null;
        try
        {
            sha256 = await BatchIntake.HashAsync(ReadAgainAsync(stop).Select(item => item.Made), stop);
        }
        catch (InvalidInputException)
        {
            // An input that has errors now had none when it was sent.
        }

        if (sha256 != run.Manifest.ContentSha256)
        {
            throw CliException.Usage(
                $"The input '{run.Content.Input}' has changed since the run, and of its items only the requests that were made are stored. "
                + "Restore it.");
        }
    }
}
