using System.CommandLine;
using Rollcall.Cli.Files;
using Rollcall.Cli.Running;

namespace Rollcall.Cli.Commands;

/// <summary>How a command names a run of this machine: by its output, and by its state folder if that is another than usual.</summary>
sealed class RunFile
{
    readonly Argument<string> results = new("results")
    {
        Description = "The output of the run; - for standard output, with --state.",
        Validators = { PathText.RequireText },
    };

    readonly Option<string?> state = new("--state")
    {
        Description = "The state folder of the run (default: the name of the output plus '.rollcall').",
        HelpName = "DIR",
        Validators = { PathText.RequireText },
    };

    /// <summary>Adds the argument and the option to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(results);
        command.Options.Add(state);
    }

    /// <summary>The name of the output.</summary>
    public string ReadName(ParseResult parsed) => parsed.GetRequiredValue(results);

    /// <summary>The state folder.</summary>
    /// <exception cref="CliException">Standard output has none.</exception>
    public string ReadState(ParseResult parsed) => parsed.GetValue(state)
        ?? (ReadName(parsed) == OutputTarget.StandardOutputName
            ? throw CliException.Usage("--state is missing: for standard output, the state folder of the run is needed.")
            : StateFolder.Of(ReadName(parsed)));
}
