using Microsoft.Extensions.Hosting;

namespace Rollcall.Cli;

/// <summary>Leaves signals to the command; otherwise a web host would end itself at Ctrl-C.</summary>
sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
