namespace Rollcall.Cli.Running;

/// <summary>Knows a device or a quota without room, for which .NET has no exception of its own.</summary>
static class DiskFull
{
    const int WindowsDiskFull = unchecked((int)0x80070070);
    const int NoSpace = 28;
    const int LinuxQuota = 122;

    /// <summary>Whether that is why a file could not be written.</summary>
    public static bool IsReasonOf(IOException exception) => exception.HResult is var code
        && (OperatingSystem.IsWindows() ? code == WindowsDiskFull : code == NoSpace || (OperatingSystem.IsLinux() && code == LinuxQuota));
}
