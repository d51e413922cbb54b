using System.CommandLine;
using System.Text.Json;
using Rollcall.Batches;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;
using Rollcall.Cli.Terminal;
using Rollcall.Intake;
using Rollcall.Results;
using Rollcall.Templates;
using Rollcall.Validation;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall verify</c>: proves that a results file matches its receipt.</summary>
sealed class VerifyCommand : Command
{
    readonly Argument<string> results = new("results") { Description = "The results file.", Validators = { PathText.RequireText } };

    readonly Option<string> receipt = new(
        "--receipt",
        "-r")
    { Description = "The batch's receipt.", HelpName = "FILE", Required = true, Validators = { PathText.RequireText } };

    readonly Option<string?> items = new("--items")
    {
        Description = "The file of items, to prove that the batch had these and no others.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly Option<string?> with = new("--with")
    {
        Description = "The file of corrected payloads of 'rollcall retry --with', to prove that these were sent and no others.",
        HelpName = "FILE",
        Validators = { PathText.RequireText },
    };

    readonly InputChoice choice = new(only: null);

    readonly Option<string> to = new("--to")
    {
        Description = "The URL of the run, to prove that these requests were made of the items.",
        HelpName = "URL",
        DefaultValueFactory = _ => "",
    };

    readonly Option<string[]> headers = new("--header", "-H")
    {
        Description = "A header of the run whose value has a field of the item in it. May be repeated.",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    readonly RequestOptions request = new();

    public VerifyCommand()
        : base(
            "verify",
            "Prove that no result is missing, duplicated, changed or out of order. Exit code: 0 if proven; 1 if not, with the first "
            + "error.")
    {
        Arguments.Add(results);
        Options.Add(receipt);
        Options.Add(items);
        Options.Add(with);
        foreach (var option in choice.All)
        {
            Options.Add(option);
        }

        Options.Add(to);
        Options.Add(headers);
        request.AddTo(this);
        SetAction((parsed, cancellationToken) =>
            RunAsync(
                parsed.GetRequiredValue(results),
                parsed.GetRequiredValue(receipt),
                parsed.GetValue(items),
                parsed.GetValue(with),
                choice.Read(parsed),
                ReadTarget(parsed),
                cancellationToken));
    }

    // Secret headers are not part of what is proven, so those without a template need not be given.
    BatchTarget ReadTarget(ParseResult parsed) => request.Read(
        parsed,
        parsed.GetRequiredValue(to),
        HeaderTexts.Templates(HeaderTexts.Read(parsed.GetRequiredValue(headers), [])),
        File.ReadAllBytes);

    static async Task<int> RunAsync(
        string resultsPath,
        string receiptPath,
        string? itemsPath,
        string? withPath,
        InputOptions options,
        BatchTarget target,
        CancellationToken cancellationToken)
    {
        var receipt = await ReadReceiptAsync(receiptPath, cancellationToken);
        string? fault;
        await using (var stream = Open(resultsPath))
        {
            fault = await new ResultsVerifier(receipt).FindFaultAsync(stream, cancellationToken);
        }

        if (fault is null
            && itemsPath is not null
            && await HashItemsAsync(itemsPath, options, target, cancellationToken) != receipt.ContentSha256)
        {
            fault = $"'{itemsPath}' is not the batch's input: the SHA-256 of its items is not the one in the receipt.";
        }

        if (fault is null && withPath is not null)
        {
            // The types of the columns of a table are those of the whole input.
            var (format, columns) = itemsPath is null ? (options.Format, null) : await ReadKindAsync(itemsPath, options, cancellationToken);
            var corrections = Corrections.OptionsOf(withPath, options with { Format = format }, columns);
            string sha256 = await HashItemsAsync(withPath, corrections, target, cancellationToken);
            fault = receipt.Replaced?.Any(set => set.ContentSha256 == sha256) == true
                ? null
                : $"'{withPath}' is not what was sent in the place of items: the receipt has no payloads with its SHA-256.";
        }

        if (fault is not null)
        {
            StandardError.WriteLine($"rollcall: {resultsPath}: {fault}");
            return ExitCode.FinishedWithFailures;
        }

        StandardOutput.WriteLine($"Proven: {ProgressText.Of(receipt)}");
        return ExitCode.Succeeded;
    }

    static async Task<Receipt> ReadReceiptAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = Open(path);
        try
        {
            return await JsonSerializer.DeserializeAsync(stream, BatchesJson.Compact.Receipt, cancellationToken)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw CliException.Usage($"'{path}' is not a receipt: {exception.Message}");
        }
    }

    static async Task<(InputFormat? Format, IReadOnlyList<CsvColumn>? Columns)> ReadKindAsync(
        string path, InputOptions options, CancellationToken cancellationToken)
    {
        await using var stream = await InputFile.OpenAsync(path, Console.OpenStandardInput, cancellationToken);
        await using var input = await InputReader.OpenAsync(InputFile.ToSource(path, stream), options, cancellationToken);
        return (input.Format, input.Columns);
    }

    static async Task<string> HashItemsAsync(
        string path, InputOptions options, BatchTarget target, CancellationToken cancellationToken)
    {
        await using var stream = await InputFile.OpenAsync(path, Console.OpenStandardInput, cancellationToken);
        try
        {
            var items = InputReader.ReadAsync(
                InputFile.ToSource(path, stream),
                options,
                RequestTemplate.Of(target, File.ReadAllBytes).Make,
                cancellationToken);
            return await BatchIntake.HashAsync(items, cancellationToken);
        }
        catch (InvalidInputException exception)
        {
            throw CliException.Usage($"{path}: {Sentence.Of(exception.Message)}", InputErrors.Describe(path, exception));
        }
    }

    static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"'{path}' cannot be read: {Sentence.Of(exception.Message)}");
        }
    }
}
