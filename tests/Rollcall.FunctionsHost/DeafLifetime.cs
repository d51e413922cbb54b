namespace Rollcall.FunctionsHost;

/// <summary>Keeps an inner host from reacting to signals: the order of the stop is the outer host's business.</summary>
sealed class DeafLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
