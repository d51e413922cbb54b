using System.CommandLine;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall man</c>: the manual page, made from the help of all commands.</summary>
sealed class ManCommand : Command
{
    public ManCommand()
        : base("man", "Write the manual page, in roff: rollcall man | man -l -")
    {
        SetAction(async (parsed, cancellationToken) =>
        {
            await Console.Out.WriteAsync(ManPage.Write((RootCommand)parsed.RootCommandResult.Command).AsMemory(), cancellationToken);
            return ExitCode.Succeeded;
        });
    }
}
