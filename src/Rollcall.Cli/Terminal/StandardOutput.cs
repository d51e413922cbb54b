using Microsoft.Win32.SafeHandles;

namespace Rollcall.Cli.Terminal;

/// <summary>Standard output that fails when its reader has gone away.</summary>
static class StandardOutput
{
    const int Descriptor = 1;
    const int BrokenPipe = 32;

    /// <summary>Opens it.</summary>
    /// <returns>A stream without a buffer.</returns>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        // .NET's own stream takes a broken pipe for written.
        var output = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

        // A file has no reader, and a FileStream would leave its offset, which other processes share, where it was.
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    /// <summary>Whether a failure is that the reader has gone away.</summary>
    public static bool IsReaderGone(Exception exception) => !OperatingSystem.IsWindows() && exception is IOException { HResult: BrokenPipe };
}
