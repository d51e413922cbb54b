using System.CommandLine;
using Rollcall.Cli.Client;
using Rollcall.Items;
using Rollcall.Results;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary>Which results a command is asked for, and as what.</summary>
sealed class ResultsOptions
{
    readonly Option<long> from = new("--from")
    {
        Description = "Begin with the item of this index, from 0.",
        HelpName = "N",
        CustomParser = NumberText.From(0, long.MaxValue),
    };

    readonly Option<OutcomeStatus[]> status = KebabCaseOption.CreateSeveral<OutcomeStatus>(
        "--status",
        "Only the items that ended so. It may be given several times.",
        string.Join('|', KebabCase.AllOf<OutcomeStatus>()));

    readonly Option<ItemErrorCode[]> code = KebabCaseOption.CreateSeveral<ItemErrorCode>(
        "--code",
        "Only the items with this error code, such as timeout. It may be given several times.",
        "CODE");

    readonly Option<ResultFormat?> format = KebabCaseOption.CreateOne<ResultFormat>(
        "--format",
        "JSON lines, or CSV for spreadsheets, whose cells hold the first 32,767 characters of a body (default: jsonl).");

    readonly RunOption run = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { from, status, code, format })
        {
            command.Options.Add(option);
        }

        run.AddTo(command);
    }

    /// <summary>What is asked for.</summary>
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
