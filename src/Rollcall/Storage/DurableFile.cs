using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rollcall.Storage;

/// <summary>Files that are written completely or not at all, even if the power fails.</summary>
public static partial class DurableFile
{
    const int BufferSize = 64 * 1024;

    // errno(3).
    const int NoEntry = 2;

    // fcntl(2) of macOS, where fsync leaves data in the device's own cache.
    const int FullFlush = 51;

    static readonly Lock FolderGate = new();

    /// <summary>
    /// Called in the caller's async flow with each completed step and its path. Tests use it to check the order of the steps.
    /// </summary>
    internal static AsyncLocal<Action<DurableStep, string>?> Observer { get; } = new();

    /// <summary>
    /// Writes a file under a temporary name, flushes it to the device, and renames it. Whoever opens the file sees the old content or the
    /// new one, never a part.
    /// </summary>
    /// <param name="path">The file. It is replaced if it exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="hasOtherWriters">Whether others may write the same file at the same time. The last one wins.</param>
    /// <returns>A task that completes when the file is durable.</returns>
    public static async Task WriteAsync(string path, Func<Stream, Task> write, bool hasOtherWriters = false)
    {
        string temporary = hasOtherWriters ? $"{path}.{Guid.NewGuid():N}.tmp" : path + ".tmp";
        await using (
            var stream = new FileStream(
                temporary,
                hasOtherWriters ? FileMode.CreateNew : FileMode.Create,
                FileAccess.Write,
                FileShare.None,
                BufferSize,
                FileOptions.None))
        {
            try
            {
                await write(stream);
                await stream.FlushAsync();
                Flush(stream.SafeFileHandle, temporary);
            }
            catch
            {
                // On a full disk, a partly written file would take space that everything else needs.
                File.Delete(temporary);
                throw;
            }
        }

        File.Move(temporary, path, overwrite: true);
        Observer.Value?.Invoke(DurableStep.EntryMade, path);
        try
        {
            FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has deleted the file, and its folder, since: there is nothing left to flush.
        }
    }

    /// <summary>
    /// Makes a folder and all missing folders above it, and flushes the entry of each new one. None is visible before it is durable.
    /// </summary>
    /// <exception cref="IOException">A folder cannot be made or flushed.</exception>
    public static void MakeFolder(string folder)
    {
        lock (FolderGate)
        {
            MakeMissing(Path.GetFullPath(folder));
        }
    }

    /// <summary>Flushes a file's content to the device.</summary>
    internal static void Flush(SafeFileHandle file, string path)
    {
        RandomAccess.FlushToDisk(file);
        Observer.Value?.Invoke(DurableStep.FileFlushed, path);
    }

    static void MakeMissing(string folder)
    {
        if (Directory.Exists(folder) || Path.GetDirectoryName(folder) is not { } parent)
        {
            return;
        }

        MakeMissing(parent);
        Directory.CreateDirectory(folder);
        Observer.Value?.Invoke(DurableStep.EntryMade, folder);
        FlushFolder(parent);
    }

    /// <summary>
    /// Flushes a folder's entries to the device. Flushing a file does not guarantee that its name survives a power failure (see fsync(2)).
    /// Windows has no such call and needs none: NTFS journals names.
    /// </summary>
    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public static void FlushFolder(string folder)
    {
        Observer.Value?.Invoke(DurableStep.FolderFlushed, folder);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        bool isFlushed = OperatingSystem.IsMacOS() && Control(handle, FullFlush) >= 0;

        // Some macOS volumes do not support a full flush; a plain fsync is the best that is available.
        if (!isFlushed && FSync(handle) != 0)
        {
            throw Failure(folder);
        }
    }

    static IOException Failure(string folder)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        string message = $"The folder '{folder}' could not be flushed to disk: {cause.Message}";
        return cause.NativeErrorCode == NoEntry ? new DirectoryNotFoundException(message, cause) : new IOException(message, cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle handle, int command);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle handle);
}

/// <summary>A step in making a file durable.</summary>
enum DurableStep
{
    /// <summary>A file's content is on the device.</summary>
    FileFlushed,

    /// <summary>A file or a folder got its name.</summary>
    EntryMade,

    /// <summary>A folder's entries are flushed to the device.</summary>
    FolderFlushed,
}
