using System.Runtime.Versioning;

namespace Rollcall.Cli.Files;

/// <summary>
/// Closes what Rollcall keeps for itself to everybody else, where it was made before, or by something else, under other modes.
/// </summary>
static class PrivateFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Narrows the modes of a folder's own entries, and the folder's where it has no others.</summary>
    /// <param name="isOwn">Whether an entry of it, by its name, is Rollcall's.</param>
    /// <param name="note">Told, in a sentence, of what stays open to others.</param>
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
            note($"The state folder '{folder}' is open to others, and that cannot be changed: {Failures.ReasonOf(exception)}.");
        }
    }

    [UnsupportedOSPlatform("windows")]
    static void NarrowTree(string path)
    {
        // A link's mode is that of its target, which may be anything.
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

    // What is within a folder that was closed already was made by this program.
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
