using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rollcall.Cli.Files;

/// <summary>Standard output and standard error, as the process was given them.</summary>
static class StandardStreams
{
    const int Output = 1;
    const int Error = 2;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    static readonly List<SafeFileHandle> Fillers = [];

    /// <summary>Makes the console's writers those that this command line needs. Called once, before anything is written.</summary>
    public static void Prepare()
    {
        FillGaps();

        // A message that cannot be shown is dropped: it is no reason to end otherwise than the work does.
        Console.SetError(OpenWriter(new LossyStream(Open(Error), _ => true)));

        // Where a line's reader went away, as 'head' does, the work still counts.
        Console.SetOut(OpenWriter(new LossyStream(Open(Output), SystemErrors.Current.IsReaderGone)));
    }

    /// <summary>
    /// Whether a descriptor is one that the process was started with: the runtime opens what it needs in the place of one that was closed.
    /// </summary>
    public static bool IsOpen(int descriptor) =>
        OperatingSystem.IsWindows()
            || (LibC.Control(descriptor, LibC.GetDescriptorFlags) is var flags && flags >= 0 && (flags & LibC.CloseOnExec) == 0);

    /// <summary>Opens a descriptor that the process was started with.</summary>
    /// <returns>A stream without a buffer, whose end does not close it.</returns>
    public static Stream Open(int descriptor) => OperatingSystem.IsWindows()
        ? descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError()
        : new DescriptorStream(
            new SafeFileHandle(IsOpen(descriptor) ? descriptor : -1, ownsHandle: false),
            descriptor switch { Output => "standard output", Error => "standard error", _ => $"descriptor {descriptor}" });

    // Otherwise a file that is opened later would have the number, and get what the runtime or a library writes to it.
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
