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

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
