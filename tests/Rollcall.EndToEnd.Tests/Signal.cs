using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rollcall.EndToEnd.Tests;

/// <summary>Sends POSIX signals to processes that a test started.</summary>
static partial class Signal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    const int NoSuchProcess = 3;

    public static void Send(int processId, int signal) =>
        Assert.True(TrySend(processId, signal), $"There is no process {processId} to send signal {signal} to.");

    /// <summary>Sends a signal, and says whether the process was still there.</summary>
    public static bool TrySend(int processId, int signal)
    {
        if (SendSignal(processId, signal) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        Assert.True(error == NoSuchProcess, $"Signal {signal} could not be sent to process {processId}: error {error}.");
        return false;
    }

    /// <summary>
    /// Has a process that is about to be started end by Ctrl-C. A child takes over which signals are ignored, and a test run that nohup or
    /// a script started in the background ignores Ctrl-C.
    /// </summary>
    public static void Heed(ProcessStartInfo start)
    {
        string[] command = ["--default-signal=INT", start.FileName, .. start.ArgumentList];
        start.FileName = "env";
        start.ArgumentList.Clear();
        Array.ForEach(command, start.ArgumentList.Add);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
