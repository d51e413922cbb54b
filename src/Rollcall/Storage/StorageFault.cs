using System.Text.Json;

namespace Rollcall.Storage;

/// <summary>Distinguishes a fault in one file from a fault in the storage that holds all files.</summary>
public static class StorageFault
{
    // errno(3), which .NET puts into HResult if it has no exception type for it.
    const int NotADirectory = 20;
    const int SystemDescriptors = 23;
    const int ProcessDescriptors = 24;
    const int IsADirectory = 21;
    const int TooManyLinks = 40;

    /// <summary>Whether an exception says that one file is missing, truncated, damaged or cannot be opened.</summary>
    /// <param name="root">The folder of all files: if it cannot be written to, it is the storage that failed.</param>
    /// <returns>
    /// True for a fault in one file. False for a device that is full, failed or became read-only, and for a process without file
    /// descriptors.
    /// </returns>
    public static bool IsOfOneFile(Exception exception, string root) => exception
        is DamagedDataException
        or InvalidDataException
        or JsonException
        || (IsOfAName(exception) && CanBeWritten(root));

    /// <summary>
    /// Whether an exception says that the process is temporarily out of file descriptors, which says nothing about the stored data.
    /// </summary>
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
