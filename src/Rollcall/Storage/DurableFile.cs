using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rollcall.Storage;

/// <summary>Files that are there whole after a power cut, or not at all.</summary>
public static partial class DurableFile
{
    const int BufferSize = 64 * 1024;

    // errno(3).
    const int NoEntry = 2;

    // fcntl(2) of macOS, whose fsync leaves what it writes in the device's own memory.
    const int FullFlush = 51;

    static readonly Lock FolderGate = new();

    /// <summary>Told of each step in the flow of the caller, with its path, as it is done: for tests of their order.</summary>
    internal static AsyncLocal<Action<DurableStep, string>?> Observer { get; } = new();

    /// <summary>
    /// Writes a file under a temporary name, flushes it to the device, and gives it its name. Whoever opens it sees the old file or the
    /// new one, never a part.
    /// </summary>
    /// <param name="path">The file. One of that name is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="hasOtherWriters">Whether the same file may be written by others meanwhile: the last one counts.</param>
    /// <returns>A task that ends when the file is durable.</returns>
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
                // On a full disk the part that was written would be in the way of everything else.
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
            // Somebody has deleted the file since, and the folder with it: there is nothing left to keep.
        }
    }

    /// <summary>
    /// Makes a folder, and those above it, and flushes the entry of each that was not there. None is seen before it is durable.
    /// </summary>
    /// <exception cref="IOException">It cannot be made or flushed.</exception>
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
    /// Flushes a folder's entries to the device. A file's own flush does not promise that its name survives a power cut (see fsync(2)).
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

        // Some volumes of macOS know no full flush: what there is has to do.
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

/// <summary>A step on the way of a file to being durable.</summary>
enum DurableStep
{
    /// <summary>A file's content is on the device.</summary>
    FileFlushed,

    /// <summary>A file or a folder has its name.</summary>
    EntryMade,

    /// <summary>A folder's names are flushed to the device.</summary>
    FolderFlushed,
}
