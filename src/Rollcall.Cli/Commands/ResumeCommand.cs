using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall resume</c>: lets a batch go on.</summary>
sealed class ResumeCommand : Command
{
    public ResumeCommand()
        : base("resume", "Go on with a batch that was paused.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: false);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "resume", token), cancellationToken));
    }
}
