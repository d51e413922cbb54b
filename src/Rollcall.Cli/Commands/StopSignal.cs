using System.Runtime.InteropServices;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>The first Ctrl-C or SIGTERM asks for a clean stop; the second ends the process.</summary>
sealed class StopSignal : IDisposable
{
    const string ShowCursor = "\e[?25h";

    readonly string notice;
    readonly Action<string> note;
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;
    bool wasAsked;

    /// <summary>Handles signals until it is disposed.</summary>
    /// <param name="notice">What the user is told at the first signal.</param>
    /// <param name="note">Tells the user; null for a line on standard error, if no progress bar is drawn there.</param>
    public StopSignal(
        string notice = "Stopping: waiting for responses in flight. Press Ctrl-C again to stop at once.", Action<string>? note = null)
    {
        this.notice = notice;
        this.note = note ?? StandardError.WriteLine;
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

        // Each signal is handled on its own thread, so the second can arrive while the first is still telling the user.
        if (Interlocked.Exchange(ref wasAsked, true))
        {
            if (!Console.IsErrorRedirected)
            {
                // A progress bar hides the cursor, and gets no chance to show it again.
                Console.Error.Write(ShowCursor);
            }

            // Everything recorded is already on disk, so ending here loses nothing.
            Environment.Exit(ExitCode.NotFinished);
        }

        note(notice);
        source.Cancel();
    }
}
