using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>Says why a file could not be read or written.</summary>
static class Failures
{
    const int MaxErrorNumber = 4095;

    /// <summary>The system's own message, without the path, which may be one that the user did not name.</summary>
    public static string ReasonOf(Exception exception) =>
        ErrorOf(exception) is { } error ? Marshal.GetPInvokeErrorMessage(error) : exception.Message.TrimEnd('.');

    // The system's error number is in the exception or in its inner exception, except on Windows.
    static int? ErrorOf(Exception exception)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return LibC.NoEntry;
        }

        return (exception.InnerException ?? exception).HResult is > 0 and <= MaxErrorNumber and var error ? error : null;
    }
}
