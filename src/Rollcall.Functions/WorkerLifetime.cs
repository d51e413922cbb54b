using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Rollcall.Functions;

/// <summary>
/// Lets the host end the worker. Ctrl-C in a terminal reaches both at once. If the worker ended then, the work that the host still waits
/// for would fail and be sent again. A second Ctrl-C, or SIGTERM, ends the worker.
/// </summary>
sealed class WorkerLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    readonly List<PosixSignalRegistration> registrations = [];
    int interrupts;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        registrations.Add(
            PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                context => Stop(context, isWanted: Interlocked.Increment(ref interrupts) > 1)));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, isWanted: true)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    void Stop(PosixSignalContext context, bool isWanted)
    {
        context.Cancel = true;
        if (isWanted)
        {
            application.StopApplication();
        }
    }
}
