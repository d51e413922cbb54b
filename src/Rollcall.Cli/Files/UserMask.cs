namespace Rollcall.Cli.Files;

/// <summary>
/// Who may read the files that this process makes. What it keeps for itself (state, temporary files) is for its user alone, whatever makes
/// it; what it makes for the user gets the mode that the user's own umask gives.
/// </summary>
static class UserMask
{
    const uint Private = 0b000_111_111;
    const UnixFileMode AnyFile = (UnixFileMode)0b110_110_110;
    const UnixFileMode AnyFolder = (UnixFileMode)0b111_111_111;

    static uint? taken;

    /// <summary>The mode of a new file of the user's.</summary>
    public static UnixFileMode File => AnyFile & ~Mask;

    static UnixFileMode Mask => (UnixFileMode)((taken ?? Read()) & (uint)AnyFolder);

    /// <summary>Makes a file that this process has made the user's.</summary>
    public static void GiveFile(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, File);
        }
    }

    /// <summary>Makes a folder that this process has made the user's.</summary>
    public static void GiveFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, AnyFolder & ~Mask);
        }
    }

    // There is no call that only reads it.
    static uint Read()
    {
        uint mask = LibC.UMask(Private);
        _ = LibC.UMask(mask);
        return mask;
    }

    /// <summary>Makes what this process makes from now on private.</summary>
    public static void Take() => taken = OperatingSystem.IsWindows() ? 0 : LibC.UMask(Private);
}
