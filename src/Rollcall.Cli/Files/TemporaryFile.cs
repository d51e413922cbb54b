using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Rollcall.Cli.Files;

/// <summary>
/// A file with a unique name, which is deleted unless it is renamed, even if the process is asked to end.
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
            // CreateNew does not follow a link that someone else has placed there.
            Stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        }
        catch
        {
            Live.TryRemove(path, out _);
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The stream to write the content to.</summary>
    public FileStream Stream { get; }

    /// <summary>Creates a temporary file.</summary>
    /// <param name="folder">Its folder. Its name is not derived from the final name, which may already have the maximum length.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be created.</exception>
    public static TemporaryFile Create(string folder) => new(System.IO.Path.Combine(folder, $".rollcall-{Guid.NewGuid():N}.tmp"));

    /// <summary>Renames it, replacing the file with that name.</summary>
    /// <param name="path">The name, in the same folder.</param>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public void Replace(string path)
    {
        Stream.Dispose();
        File.Move(Path, path, overwrite: true);
        Live.TryRemove(Path, out _);
    }

    /// <summary>Renames it, if no file has that name.</summary>
    /// <param name="path">The name, in the same folder.</param>
    /// <returns>Whether it was renamed; false if a file with that name exists, even if it was created at the same moment.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public bool TryName(string path)
    {
        Stream.Dispose();

        // .NET's own move checks first and then renames, which is not atomic. It is used only on disks that have no links.
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
            // It is deleted because something failed. That failure says more than that the temporary file is left behind.
        }
    }
}
