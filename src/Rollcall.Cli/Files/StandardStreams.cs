using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rollcall.Cli.Files;

/// <summary>The standard output and standard error that the process was started with.</summary>
static class StandardStreams
{
    const int Output = 1;
    const int Error = 2;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    static readonly List<SafeFileHandle> Fillers = [];

    /// <summary>Replaces the console's writers. Called once, before anything is written.</summary>
    public static void Prepare()
    {
        FillGaps();

        // A message that cannot be shown is dropped, because it must not change the exit code.
        Console.SetError(OpenWriter(new LossyStream(Open(Error), _ => true)));

        // If the reader closes the pipe, as 'head' does, the work still counts.
        Console.SetOut(OpenWriter(new LossyStream(Open(Output), SystemErrors.Current.IsReaderGone)));
    }

    /// <summary>
    /// Whether the process was started with this descriptor. If it was closed, the runtime may use the same number for its own files.
    /// </summary>
    public static bool IsOpen(int descriptor) =>
        OperatingSystem.IsWindows()
            || (LibC.Control(descriptor, LibC.GetDescriptorFlags) is var flags && flags >= 0 && (flags & LibC.CloseOnExec) == 0);

    /// <summary>Opens a descriptor that the process was started with.</summary>
    /// <returns>An unbuffered stream that leaves the descriptor open.</returns>
    public static Stream Open(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
        }

        return new DescriptorStream(
            new SafeFileHandle(IsOpen(descriptor) ? descriptor : -1, ownsHandle: false),
            descriptor switch { Output => "standard output", Error => "standard error", _ => $"descriptor {descriptor}" });
    }

    // Otherwise a file opened later could get the number, and with it what the runtime or a library writes to the standard streams.
    static void FillGaps()
    {
        for (int descriptor = 0; !OperatingSystem.IsWindows() && descriptor <= Error; descriptor++)
        {
            if (LibC.Control(descriptor, LibC.GetDescriptorFlags) < 0)
            {
                Fillers.Add(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
            }
        }
    }

    static TextWriter OpenWriter(Stream stream) => TextWriter.Synchronized(new StreamWriter(stream, Utf8) { AutoFlush = true });
}
