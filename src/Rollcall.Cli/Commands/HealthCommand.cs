using System.CommandLine;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary><c>rollcall health</c>: whether a server responds, for health checks.</summary>
sealed class HealthCommand : Command
{
    readonly ServerOptions server = new();

    public HealthCommand()
        : base("health", "Check whether a Rollcall server responds. Exit code: 0 if it does, 3 if it does not.")
    {
        server.AddTo(this);
        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = server.CreateClient(parsed);
        var health = await client.GetHealthAsync(cancellationToken);
        StandardOutput.WriteLine($"The server responds: {health.Status}, version {health.Version}.");
        return ExitCode.Succeeded;
    }
}
