using System.CommandLine;
using System.CommandLine.Help;

namespace Rollcall.Cli.Commands;

/// <summary>All commands.</summary>
static class CommandTree
{
    /// <summary>Creates the root command with its subcommands.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Send N payloads to one HTTP endpoint and get N responses: none lost, in input order, with a receipt.")
        {
            RunCommand.Create(),
            RunCommand.CreateGet(),
            new RetryCommand(),
            new FailedCommand(),
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
            new HealthCommand(),
            new CompletionCommand(),
            new ManCommand(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();

        // Without the names /h and /?, which completion would offer in place of a path.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Insert(0, new HelpOption("--help", "-h", "-?"));

        // Otherwise a flag accepts true or false, and the parser reports other values in its own terms.
        foreach (var flag in root.Subcommands.SelectMany(command => command.Options).OfType<Option<bool>>())
        {
            flag.Arity = ArgumentArity.Zero;
        }

        return root;
    }
}
