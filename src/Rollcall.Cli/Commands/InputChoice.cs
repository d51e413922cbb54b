using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Intake;

namespace Rollcall.Cli.Commands;

/// <summary>The options that decide which items an input has.</summary>
/// <param name="only">The one format that the command has; null for any.</param>
sealed class InputChoice(InputFormat? only)
{
    readonly Option<InputFormat?> format = KebabCaseOption.CreateOne<InputFormat>(
        "--input",
        "What an item of the input is (default: by the file's ending and first bytes; lines for standard input). lines: a JSON value per "
        + "line. items: {\"id\":…,\"body\":…} per line. requests: {\"id\":…,\"method\":…,\"url\":…,\"headers\":…,\"body\":…} per line. "
        + "json: an element of one array. csv, tsv: a row, as an object of its columns. urls: a URL per line.");

    readonly Option<CsvTypes?> csvTypes = KebabCaseOption.CreateOne<CsvTypes>(
        "--csv-types",
        "infer: a column whose values are all numbers, or all true or false, is sent as such (default). string: all values are strings.");

    readonly Option<string?> id = new("--id")
    {
        Description =
            "The column or field, or the JSON Pointer into the item, that has the item's id, which is in its result. Ids must be unique.",
        HelpName = "NAME",
        Validators = { RequireName },
    };

    readonly Option<bool> allowDuplicateIds = new("--allow-duplicate-ids") { Description = "Allow several items with the same id." };

    readonly Option<long?> limit = new("--limit")
    {
        Description = "Read only the first N items. The rest is not checked.",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.From(1, long.MaxValue)),
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => only is InputFormat.Urls ? [limit] : [format, csvTypes, id, allowDuplicateIds, limit];

    /// <summary>Reads them.</summary>
    public InputOptions Read(ParseResult parsed) => new()
    {
        Format = only ?? parsed.GetValue(format),
        CsvTypes = parsed.GetValue(csvTypes) ?? default,
        Id = parsed.GetValue(id),
        AllowDuplicateIds = parsed.GetValue(allowDuplicateIds),
        Limit = parsed.GetValue(limit),
    };

    static void RequireName(OptionResult result)
    {
        if (result.Tokens is [{ Value: "" }, ..])
        {
            result.AddError("--id is empty: the name of a column or field, or a JSON Pointer, is needed.");
        }
    }
}
