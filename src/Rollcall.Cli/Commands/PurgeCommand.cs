using System.CommandLine;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall purge</c>: deletes a batch on a server.</summary>
sealed class PurgeCommand : Command
{
    readonly ServerOptions server = new();

    public PurgeCommand()
        : base("purge", "Permanently delete an ended batch with its items, results and receipt. Its id can be used again.")
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
            : $"Batch '{id}' no longer exists. The server is still deleting the rest of its data; after that, its id can be used again.");
        return ExitCode.Succeeded;
    }
}
