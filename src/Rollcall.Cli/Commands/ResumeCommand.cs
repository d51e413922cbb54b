using System.CommandLine;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall resume</c>: resumes a paused batch.</summary>
sealed class ResumeCommand : Command
{
    public ResumeCommand()
        : base("resume", "Resume a paused batch.")
    {
        var batch = new BatchChange();
        batch.AddTo(this, ends: false);
        SetAction(
            (parsed, cancellationToken) =>
                batch.RunAsync(parsed, (client, id, token) => client.PostAsync(id, "resume", token), cancellationToken));
    }
}
