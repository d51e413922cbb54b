using System.CommandLine;
using System.CommandLine.Invocation;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall --version</c>: the version and the commit.</summary>
sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        StandardOutput.WriteLine($"rollcall {ProductVersion.Full}");
        return ExitCode.Succeeded;
    }
}
