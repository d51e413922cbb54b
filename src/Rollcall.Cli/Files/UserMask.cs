namespace Rollcall.Cli.Files;

/// <summary>
/// Who may read the files that this process creates. Its own files (state, temporary files) are private to its user, whatever creates them;
/// files for the user get the mode that the user's own umask gives.
/// </summary>
static class UserMask
{
    const uint Private = 0b000_111_111;
    const UnixFileMode AnyFile = (UnixFileMode)0b110_110_110;
    const UnixFileMode AnyFolder = (UnixFileMode)0b111_111_111;

    static uint? taken;

    /// <summary>The mode of a new file for the user.</summary>
    public static UnixFileMode File => AnyFile & ~Mask;

    static UnixFileMode Mask => (UnixFileMode)((taken ?? Read()) & (uint)AnyFolder);

    /// <summary>Gives a file that this process created the mode of a file for the user.</summary>
    public static void GiveFile(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, File);
        }
    }

    /// <summary>Gives a folder that this process created the mode of a folder for the user.</summary>
    public static void GiveFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, AnyFolder & ~Mask);
        }
    }

    // There is no call that only reads the umask.
    static uint Read()
    {
        uint mask = LibC.UMask(Private);
        _ = LibC.UMask(mask);
        return mask;
    }

    /// <summary>Makes everything that this process creates from now on private.</summary>
    public static void Take() => taken = OperatingSystem.IsWindows() ? 0 : LibC.UMask(Private);
}
