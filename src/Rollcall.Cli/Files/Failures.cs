using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>Says why a file could not be read or written.</summary>
static class Failures
{
    const int MaxErrorNumber = 4095;
    const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>The system's own words, without a path: it can be one that the user did not name.</summary>
    public static string ReasonOf(Exception exception) => ErrorOf(exception) is { } error ? Marshal.GetPInvokeErrorMessage(error) : exception.Message.TrimEnd('.');

    /// <summary>Whether it is that another process has the file open for itself.</summary>
    public static bool IsLocked(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult == WindowsSharingViolation
        : exception.HResult is LibC.Again or LibC.AgainOnBsd;

    // .NET has the system's number in the exception, or in the one within; not on Windows.
    static int? ErrorOf(Exception exception) =>
        OperatingSystem.IsWindows() ? null
        : exception is FileNotFoundException or DirectoryNotFoundException ? LibC.NoEntry
        : (exception.InnerException ?? exception).HResult is > 0 and <= MaxErrorNumber and var error ? error
        : null;
}
