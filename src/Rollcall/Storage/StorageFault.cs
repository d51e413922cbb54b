using System.Text.Json;

namespace Rollcall.Storage;

/// <summary>Tells what is wrong with one file from what is wrong with the storage, which has all of them.</summary>
public static class StorageFault
{
    // errno(3), which .NET puts into HResult where it has no exception of its own.
    const int NotADirectory = 20;
    const int SystemDescriptors = 23;
    const int ProcessDescriptors = 24;
    const int IsADirectory = 21;
    const int TooManyLinks = 40;

    /// <summary>Whether an exception says that one file is missing, short, damaged, or not to be opened.</summary>
    /// <param name="root">The folder that has all files: where nothing can be written to it, it is the storage that failed.</param>
    /// <returns>
    /// Whether it does. A full device, one that failed or that became read-only, and a process without file descriptors, are not of one
    /// file.
    /// </returns>
    public static bool IsOfOneFile(Exception exception, string root) => exception
        is DamagedDataException
        or InvalidDataException
        or JsonException
        || (IsOfAName(exception) && CanBeWritten(root));

    /// <summary>
    /// Whether an exception says that there was no file descriptor left for the moment, which says nothing of what is stored.
    /// </summary>
    /// <returns>Whether it does.</returns>
    public static bool IsOfDescriptors(Exception exception) =>
        exception is IOException { HResult: SystemDescriptors or ProcessDescriptors };

    static bool IsOfAName(Exception exception) => exception
        is FileNotFoundException
        or DirectoryNotFoundException
        or EndOfStreamException
        or UnauthorizedAccessException
        or IOException { HResult: NotADirectory or IsADirectory or TooManyLinks };

    static bool CanBeWritten(string folder)
    {
        try
        {
            string probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                return true;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
