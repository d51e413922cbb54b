using Microsoft.Extensions.Hosting;

namespace Rollcall.Cli;

/// <summary>Leaves signals to the command: a web host would otherwise end itself at Ctrl-C.</summary>
sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
