using System.CommandLine;
using Rollcall.Cli.Client;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary>Which results a command fetches, and in which format.</summary>
sealed class ResultsOptions
{
    readonly Option<long> from = new("--from")
    {
        Description = "Start at the item with this index, counted from 0.",
        HelpName = "N",
        CustomParser = NumberText.From(0, long.MaxValue),
    };

    readonly Option<OutcomeStatus[]> status = KebabCaseOption.CreateSeveral<OutcomeStatus>(
        "--status",
        "Only items with this outcome. May be repeated.",
        string.Join('|', KebabCase.AllOf<OutcomeStatus>()));

    readonly Option<ItemErrorCode[]> code = KebabCaseOption.CreateSeveral<ItemErrorCode>(
        "--code",
        "Only items with this error code, such as timeout. May be repeated.",
        "CODE");

    readonly Option<ResultFormat?> format = KebabCaseOption.CreateOne<ResultFormat>(
        "--format",
        "JSON lines, or CSV for spreadsheets; its cells hold the first 32,767 characters of a body (default: jsonl).");

    readonly RunOption run = new();

    /// <summary>The options that choose among all results.</summary>
    public IReadOnlyList<Option> OfAll => [from, status, code, format];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in OfAll)
        {
            command.Options.Add(option);
        }

        run.AddTo(command);
    }

    public ResultsRequest Read(ParseResult parsed, string id) => new()
    {
        Id = id,
        Run = run.Read(parsed),
        From = parsed.GetValue(from),
        Statuses = parsed.GetValue(status) ?? [],
        Codes = parsed.GetValue(code) ?? [],
        Format = parsed.GetValue(format) ?? ResultFormat.Jsonl,
    };
}
