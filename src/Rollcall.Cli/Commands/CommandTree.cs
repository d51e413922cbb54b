using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary>All commands.</summary>
static class CommandTree
{
    /// <summary>Makes the root command with all others.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Send N payloads to one HTTP endpoint and get N answers: none lost, in input order, with a receipt.")
        {
            new RunCommand(),
            new ServeCommand(),
            new SubmitCommand(),
            new ListCommand(),
            new StatusCommand(),
            new WatchCommand(),
            new PauseCommand(),
            new ResumeCommand(),
            new ChangeCommand(),
            new CancelCommand(),
            new RedriveCommand(),
            new ResultsCommand(),
            new ReceiptCommand(),
            new PurgeCommand(),
            new VerifyCommand(),
            new TargetCommand(),
            new DemoCommand(),
        };

        // A flag takes no value: the parser would otherwise tell of one in its own terms.
        foreach (var flag in root.Subcommands.SelectMany(command => command.Options).OfType<Option<bool>>())
        {
            flag.Arity = ArgumentArity.Zero;
        }

        return root;
    }
}
