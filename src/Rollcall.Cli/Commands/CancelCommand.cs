using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall cancel</c>: ends a batch early.</summary>
sealed class CancelCommand : Command
{
    public CancelCommand()
        : base(
            "cancel",
            "Send no further item of a batch, for good. What is in flight is finished and recorded, and what was not sent is 'cancelled'.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: true);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "cancel", token), cancellationToken));
    }
}
