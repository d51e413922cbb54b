using Rollcall.Cli.Files;

namespace Rollcall.Cli.Running;

/// <summary>
/// Locks a state folder for one process before it first reads the folder, so that one of two simultaneous starts is refused. The lock is
/// removed without a trace, together with the folder if that was created for it and is empty.
/// </summary>
sealed class StateLock : IDisposable
{
    /// <summary>The name of the file that is locked.</summary>
    public const string Name = "rollcall-run.lock";

    // Whoever looks whether a folder is locked holds the lock for less than that.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    readonly FileStream file;
    readonly string folder;
    readonly bool madeFolder;

    StateLock(FileStream file, string folder, bool madeFolder)
    {
        this.file = file;
        this.folder = folder;
        this.madeFolder = madeFolder;
    }

    /// <summary>Locks a folder, which is created if it does not exist.</summary>
    /// <exception cref="CliException">Another process has locked it.</exception>
    public static StateLock Take(string folder)
    {
        bool madeFolder = !Directory.Exists(folder);
        long began = TimeProvider.System.GetTimestamp();
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

                // The process that had locked the file deleted it after it was opened here.
                file.Dispose();
            }
            catch (DirectoryNotFoundException)
            {
                // The same happened to the folder.
            }
            catch (IOException exception) when (SystemErrors.Current.IsLocked(exception))
            {
                if (TimeProvider.System.GetElapsedTime(began) < Patience)
                {
                    // Nothing tells when the one who looks is done, and a start has nothing else to do until then.
                    Thread.Sleep(Patience / 10);
                    continue;
                }

                throw CliException.Usage($"Another rollcall run is using the state folder '{folder}'.");
            }
        }
    }

    /// <summary>Whether a process has locked a folder.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            File.OpenHandle(Path.Combine(folder, Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (SystemErrors.Current.IsLocked(exception))
        {
            return true;
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Deleted while it is locked. On Windows an open file cannot be deleted, so it stays.
            File.Delete(file.Name);
        }

        file.Dispose();
        if (madeFolder && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    // If open files cannot be deleted, it always is.
    static bool IsInPlace(FileStream file) => !OperatingSystem.IsLinux()
        || FileFacts.AreSame(FileFacts.Find(file.Name), FileFacts.Find($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}"));
}
