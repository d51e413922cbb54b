using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall pause</c>: pauses a batch.</summary>
sealed class PauseCommand : Command
{
    public PauseCommand()
        : base("pause", "Send no more items of a batch until 'rollcall resume'. Items in flight are finished and recorded.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: false);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "pause", token), cancellationToken));
    }
}
