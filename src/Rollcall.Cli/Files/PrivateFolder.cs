using System.Runtime.Versioning;

namespace Rollcall.Cli.Files;

/// <summary>
/// Removes other users' access to Rollcall's own files, which may have been created with wider modes.
/// </summary>
static class PrivateFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Narrows the modes of Rollcall's entries in a folder, and of the folder itself if it has no others.</summary>
    /// <param name="isOwn">Whether an entry with this name is Rollcall's.</param>
    /// <param name="note">Receives a sentence about what stays accessible to others.</param>
    public static void Narrow(string folder, Func<string, bool> isOwn, Action<string> note)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] entries = Directory.GetFileSystemEntries(folder);
        string[] own = [.. entries.Where(entry => isOwn(Path.GetFileName(entry)))];
        try
        {
            if (own.Length == entries.Length)
            {
                NarrowMode(folder, OwnerOnly);
            }

            foreach (string entry in own)
            {
                NarrowTree(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            note($"Other users have access to the state folder '{folder}', and that cannot be changed: {Failures.ReasonOf(exception)}.");
        }
    }

    [UnsupportedOSPlatform("windows")]
    static void NarrowTree(string path)
    {
        // Changing a link's mode would change its target, which may be anything.
        if (new FileInfo(path).LinkTarget is not null)
        {
            return;
        }

        if (!Directory.Exists(path))
        {
            NarrowMode(path, OwnerFile);
        }
        else if (NarrowMode(path, OwnerOnly))
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(path))
            {
                NarrowTree(entry);
            }
        }
    }

    // The entries of a folder that is already private were created by this program.
    [UnsupportedOSPlatform("windows")]
    static bool NarrowMode(string path, UnixFileMode widest)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~widest) == 0)
        {
            return false;
        }

        File.SetUnixFileMode(path, mode & widest);
        return true;
    }
}
