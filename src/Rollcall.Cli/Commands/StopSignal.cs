using System.Runtime.InteropServices;
using Rollcall.Cli.Terminal;

namespace Rollcall.Cli.Commands;

/// <summary>Turns the first Ctrl-C or SIGTERM into a clean stop, and the second into the end of the process.</summary>
sealed class StopSignal : IDisposable
{
    const string ShowCursor = "\e[?25h";

    readonly string notice;
    readonly Action<string> note;
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;
    bool wasAsked;

    /// <summary>Waits for signals until it is disposed of.</summary>
    /// <param name="notice">What the user is told at the first one.</param>
    /// <param name="note">Tells the user; null for a line on standard error, where nothing else is drawn.</param>
    public StopSignal(
        string notice = "Stopping: waiting for the answers in flight. Press Ctrl-C again to stop at once.", Action<string>? note = null)
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

        // Each signal has a thread of its own, so the second can come while the first is still telling the user.
        if (Interlocked.Exchange(ref wasAsked, true))
        {
            if (!Console.IsErrorRedirected)
            {
                // A progress bar hides it, and gets no turn to show it again.
                Console.Error.Write(ShowCursor);
            }

            // Everything that is recorded is on disk already, so ending here loses nothing.
            Environment.Exit(ExitCode.NotFinished);
        }

        note(notice);
        source.Cancel();
    }
}
