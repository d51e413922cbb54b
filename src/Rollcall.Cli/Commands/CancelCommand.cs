using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall cancel</c>: ends a batch early.</summary>
sealed class CancelCommand : Command
{
    public CancelCommand()
        : base(
            "cancel",
            "Stop a batch permanently. Items in flight are finished and recorded; unsent items become 'cancelled'.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: true);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "cancel", token), cancellationToken));
    }
}
