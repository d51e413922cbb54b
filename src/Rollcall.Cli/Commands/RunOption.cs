using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary>Which run of a batch that was redriven a command is about.</summary>
sealed class RunOption
{
    readonly Option<int?> run = new("--run") { Description = "An earlier run of a batch that was redriven, from 1 (default: the newest).", HelpName = "N" };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(run);

    /// <summary>The run; null for the newest.</summary>
    /// <exception cref="CliException">There can be none.</exception>
    public int? Read(ParseResult parsed) =>
        parsed.GetValue(run) is < 1 and var number ? throw CliException.Usage($"--run is {number}: 1 or more is allowed.") : parsed.GetValue(run);
}
