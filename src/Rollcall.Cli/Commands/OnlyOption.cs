using System.CommandLine;
using System.CommandLine.Parsing;
using Rollcall.Cli.Running;
using Rollcall.Items;
using Rollcall.Serialization;

namespace Rollcall.Cli.Commands;

/// <summary><c>--only</c>: some of the items that did not succeed, by error code or HTTP status.</summary>
static class OnlyOption
{
    static readonly IReadOnlyList<string> Codes = KebabCase.AllOf<ItemErrorCode>();

    /// <summary>Creates the option.</summary>
    public static Option<RetryChoice?> Create()
    {
        var option = new Option<RetryChoice?>("--only")
        {
            Description =
                $"Only items with this error code ({string.Join(", ", Codes)}) or HTTP status, such as 422 or 500-599. May be repeated.",
            HelpName = "CODE|STATUS",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Parse,
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. Codes]);
        return option;
    }

    static RetryChoice? Parse(ArgumentResult result)
    {
        var choice = RetryChoice.Read(result.Tokens.Select(token => token.Value), out string? wrong);
        if (wrong is not null)
        {
            NumberText.Refuse(result, wrong, $"an error code ({string.Join(", ", Codes)}), a status from 200 to 599 or a range of them");
        }

        return choice;
    }
}
