using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary>The option that shows requests instead of sending them.</summary>
sealed class DryRunOption
{
    const int Default = 1;

    readonly Option<int?> option = new("--dry-run")
    {
        Description = "Check the whole input and write the first N requests as they would be sent (default: 1). Nothing is sent.",
        HelpName = "N",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? Default : NumberText.OrNull(NumberText.From(1, int.MaxValue))(result),
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(option);

    /// <summary>How many requests are shown; null to send them.</summary>
    public int? Read(ParseResult parsed) => parsed.GetResult(option) is null ? null : parsed.GetValue(option) ?? Default;
}
