using System.Runtime.InteropServices;

namespace Rollcall.Cli.Commands;

/// <summary>Turns the first Ctrl-C or SIGTERM into a clean stop, and the second into the end of the process.</summary>
sealed class StopSignal : IDisposable
{
    readonly string notice;
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;

    /// <summary>Waits for signals until it is disposed of.</summary>
    /// <param name="notice">What the user is told at the first one.</param>
    public StopSignal(string notice = "Stopping: waiting for the answers in flight. Press Ctrl-C again to stop at once.")
    {
        this.notice = notice;
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

        Console.Error.WriteLine(notice);
        source.Cancel();
    }
}
