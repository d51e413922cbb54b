using System.Runtime.InteropServices;

namespace Rollcall.Cli.Commands;

/// <summary>Turns the first Ctrl-C or SIGTERM into a clean stop, and the second into the end of the process.</summary>
sealed class StopSignal : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;

    public StopSignal()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
        {
            // Everything that is recorded is on disk already, so ending here loses nothing.
            Environment.Exit(ExitCode.NotFinished);
        }

        Console.Error.WriteLine("Stopping: waiting for the answers in flight. Press Ctrl-C again to stop at once.");
        source.Cancel();
    }
}
