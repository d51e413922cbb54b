using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary>Which run of a redriven batch a command is about.</summary>
sealed class RunOption
{
    readonly Option<int?> run = new("--run")
    {
        Description = "An earlier run of a redriven batch, counted from 1 (default: the newest).",
        HelpName = "N",
        CustomParser = NumberText.OrNull(NumberText.From(1, int.MaxValue)),
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(run);

    /// <summary>The run; null for the newest.</summary>
    public int? Read(ParseResult parsed) => parsed.GetValue(run);
}
