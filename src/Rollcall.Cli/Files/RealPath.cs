using System.Globalization;
using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>Where a name leads after following links: to a path, or to a descriptor of this process.</summary>
/// <param name="Path">The full path, without links.</param>
/// <param name="Descriptor">The descriptor; null if it is a path.</param>
readonly record struct RealPath(string Path, int? Descriptor)
{
    // The same limit as in Linux.
    const int MaxLinks = 40;

    static readonly string OwnDescriptors = OperatingSystem.IsLinux() ? $"/proc/{Environment.ProcessId}/fd" : "/dev/fd";
    static readonly string OwnTasks = $"/proc/{Environment.ProcessId}/task/";

    /// <summary>Follows a name to its end. The last part does not need to exist.</summary>
    /// <param name="name">The name as the user gave it.</param>
    /// <exception cref="CliException">Its folder does not exist, or there are too many links.</exception>
    public static RealPath Of(string name)
    {
        string path = System.IO.Path.GetFullPath(name);
        if (OperatingSystem.IsWindows())
        {
            return new RealPath((new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? path, Descriptor: null);
        }

        for (int links = 0; links <= MaxLinks; links++)
        {
            string folder = RealFolderOf(path, name);
            string leaf = System.IO.Path.GetFileName(path);
            if (IsOfDescriptors(folder) && int.TryParse(leaf, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
            {
                return new RealPath(System.IO.Path.Combine(OwnDescriptors, leaf), descriptor);
            }

            path = System.IO.Path.Combine(folder, leaf);

            // The targets of links in /proc are descriptions for people: the kernel does not follow them by name.
            if (folder.StartsWith("/proc/", StringComparison.Ordinal) || new FileInfo(path).LinkTarget is not { } target)
            {
                return new RealPath(path, Descriptor: null);
            }

            path = System.IO.Path.Combine(folder, target);
        }

        throw CliException.Usage($"The output '{name}' leads through more than {MaxLinks} links.");
    }

    static bool IsOfDescriptors(string folder) =>
        folder == OwnDescriptors
            || (folder.StartsWith(OwnTasks, StringComparison.Ordinal) && folder.EndsWith("/fd", StringComparison.Ordinal));

    static string RealFolderOf(string path, string name)
    {
        string folder = System.IO.Path.GetDirectoryName(path)
            ?? throw CliException.Usage($"The output '{name}' is a folder. Give a file with --out.");
        nint real = LibC.RealPath(folder, buffer: 0);
        if (real != 0)
        {
            string text = Marshal.PtrToStringUTF8(real)!;
            LibC.Free(real);
            return text;
        }

        int error = Marshal.GetLastPInvokeError();
        string shown = System.IO.Path.GetFullPath(name) == path ? System.IO.Path.GetDirectoryName(name)! : folder;
        throw CliException.Usage(error == LibC.NoEntry
            ? $"The folder '{shown}' does not exist."
            : $"The output '{name}' cannot be written: {Marshal.GetPInvokeErrorMessage(error)}: '{shown}'.");
    }
}
