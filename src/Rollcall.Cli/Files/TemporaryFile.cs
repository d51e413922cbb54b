using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>
/// A file of a name that nothing else has, which is deleted unless it gets another one, also where the process is told to end.
/// </summary>
sealed class TemporaryFile : IAsyncDisposable
{
    const int BufferSize = 64 * 1024;

    static readonly ConcurrentDictionary<string, bool> Live = new(StringComparer.Ordinal);

    static TemporaryFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (string path in Live.Keys)
        {
            Delete(path);
        }
    };

    TemporaryFile(string path)
    {
        Path = path;
        Live[path] = true;
        try
        {
            // CreateNew follows no link that somebody has put there.
            Stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        }
        catch
        {
            Live.TryRemove(path, out _);
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Takes its content.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where. Its name does not depend on that of the file it becomes, which may have no room for more.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static TemporaryFile Create(string folder) => new(System.IO.Path.Combine(folder, $".rollcall-{Guid.NewGuid():N}.tmp"));

    /// <summary>Gives it a name in place of the file that has it.</summary>
    /// <param name="path">The name, in the same folder.</param>
    /// <exception cref="IOException">It cannot have the name.</exception>
    public void Replace(string path)
    {
        Stream.Dispose();
        File.Move(Path, path, overwrite: true);
        Live.TryRemove(Path, out _);
    }

    /// <summary>Gives it a name that no file has.</summary>
    /// <param name="path">The name, in the same folder.</param>
    /// <returns>Whether it has it: not where a file of that name has come, be it at the same moment.</returns>
    /// <exception cref="IOException">It cannot have the name.</exception>
    public bool TryName(string path)
    {
        Stream.Dispose();

        // .NET's own move looks first and renames then. Some disks have no links, and there it has to do.
        if (!OperatingSystem.IsWindows())
        {
            if (LibC.Link(Path, path) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() == LibC.Exists)
            {
                return false;
            }
        }

        try
        {
            File.Move(Path, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }

        Live.TryRemove(Path, out _);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (Live.TryRemove(Path, out _))
        {
            Delete(Path);
        }
    }

    static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is deleted because something failed, whose reason says more than that the rest stays.
        }
    }
}
