using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>
/// A file's identity and state at one moment. Two equal values mean the same file, not written in between.
/// </summary>
/// <param name="Identity">The device and inode number; the full path if they are not known.</param>
/// <param name="Modified">When it was last written, in a form that is only compared.</param>
readonly record struct FileFacts(FileKind Kind, string Identity, long Size, string Modified)
{
    const int TypeMask = 0xF000;
    const int RegularType = 0x8000;
    const int FolderType = 0x4000;
    const int PipeType = 0x1000;
    const int CharacterDeviceType = 0x2000;

    /// <summary>All values in one string, which a later run compares.</summary>
    public string Stamp => $"{Identity}/{Size}/{Modified}";

    /// <summary>Reads the facts of a path, following links.</summary>
    /// <returns>The facts; null if nothing is there.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static FileFacts? Find(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return FindPortably(path);
        }

        return FindStat(path) is { } stat ? Of(stat) : null;
    }

    /// <summary>A file's owner, on Linux.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (uint User, uint Group)? FindOwner(string path) =>
        OperatingSystem.IsLinux() && FindStat(path) is { } stat ? (stat.User, stat.Group) : null;

    /// <summary>Whether two names refer to the same file.</summary>
    public static bool AreSame(FileFacts? one, FileFacts? other) => one is { } a && other is { } b && string.Equals(
        a.Identity,
        b.Identity,
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    static LibC.StatXBuffer? FindStat(string path)
    {
        if (LibC.StatX(LibC.CurrentFolder, path, flags: 0, LibC.BasicStats, out var buffer) == 0)
        {
            return buffer;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == LibC.NoEntry ? null : throw LibC.Failure(error, path);
    }

    static FileFacts Of(in LibC.StatXBuffer stat) => new(
        (stat.Mode & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            FolderType => FileKind.Folder,
            PipeType or CharacterDeviceType => FileKind.Stream,
            _ => FileKind.Other,
        },
        $"{stat.DeviceMajor}:{stat.DeviceMinor}:{stat.Inode}",
        (long)stat.Size,
        $"{stat.ModifiedSeconds}.{stat.ModifiedNanoseconds:D9}");

    // Other systems have no portable call for this. There, the path identifies a file, and the folder a device.
    static FileFacts? FindPortably(string path)
    {
        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!entry.Exists)
        {
            return null;
        }

        var kind = entry switch
        {
            DirectoryInfo => FileKind.Folder,
            _ when !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) => FileKind.Stream,
            _ => FileKind.Regular,
        };
        string target = (entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry).FullName;
        return new FileFacts(kind, target, entry is FileInfo file ? file.Length : 0, $"{entry.LastWriteTimeUtc.Ticks}");
    }
}
