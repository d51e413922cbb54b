using System.CommandLine;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall purge</c>: deletes a batch of a server.</summary>
sealed class PurgeCommand : Command
{
    readonly ServerOptions server = new();

    public PurgeCommand()
        : base("purge", "Delete a batch that has ended, with its items, results and receipt, for good. Its id can be used again.")
    {
        server.AddWithIdTo(this);
        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string id = server.ReadId(parsed);
        using var client = server.CreateClient(parsed);
        StandardOutput.WriteLine(await client.DeleteAsync(id, cancellationToken)
            ? $"Batch '{id}' is deleted."
            : $"Batch '{id}' does not exist any more. The server goes on deleting what is left of it, and its id can be used again after "
                + "that.");
        return ExitCode.Succeeded;
    }
}
