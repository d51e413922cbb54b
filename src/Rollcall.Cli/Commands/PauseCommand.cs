using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall pause</c>: holds a batch up.</summary>
sealed class PauseCommand : Command
{
    public PauseCommand()
        : base("pause", "Send no further item of a batch until 'rollcall resume'. What is in flight is finished and recorded.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: false);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "pause", token), cancellationToken));
    }
}
