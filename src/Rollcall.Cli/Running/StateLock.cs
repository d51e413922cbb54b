using Rollcall.Cli.Files;

namespace Rollcall.Cli.Running;

/// <summary>
/// Holds a state folder for one process, from before its first look at the folder, so that of two starts at once one is refused. It goes
/// without a trace, with the folder where that is empty and was made for it.
/// </summary>
sealed class StateLock : IDisposable
{
    /// <summary>The name of the file that is locked.</summary>
    public const string Name = "rollcall-run.lock";

    readonly FileStream file;
    readonly string folder;
    readonly bool madeFolder;

    StateLock(FileStream file, string folder, bool madeFolder)
    {
        this.file = file;
        this.folder = folder;
        this.madeFolder = madeFolder;
    }

    /// <summary>Locks a folder, which is made where there is none.</summary>
    /// <exception cref="CliException">Another process has it.</exception>
    public static StateLock Take(string folder)
    {
        bool madeFolder = !Directory.Exists(folder);
        while (true)
        {
            Directory.CreateDirectory(folder);
            try
            {
                var file = new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (IsInPlace(file))
                {
                    return new StateLock(file, folder, madeFolder);
                }

                // Whoever had it deleted it between the opening and the locking.
                file.Dispose();
            }
            catch (DirectoryNotFoundException)
            {
                // Likewise, with the folder.
            }
            catch (IOException exception) when (SystemErrors.Current.IsLocked(exception))
            {
                throw CliException.Usage($"Another rollcall run is using the state folder '{folder}'.");
            }
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            // While it is locked; a file that is open there cannot be deleted, and stays.
            File.Delete(file.Name);
        }

        file.Dispose();
        if (madeFolder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    // Where a file that is open cannot be deleted, it is.
    static bool IsInPlace(FileStream file) => !OperatingSystem.IsLinux()
        || FileFacts.AreSame(FileFacts.Find(file.Name), FileFacts.Find($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}"));
}
